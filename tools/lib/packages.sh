# install_missing_packages: from Debian, what tools/packages.txt lists and this machine lacks; install_missing_from LIST: the
# same of another list. Sourced by ./run, ./test, ./dev.
#
# It never starts or touches a service: Debian's maintainer scripts would start PostgreSQL, Redis and nginx when their
# packages come. A policy-rc.d that says "not allowed" (101) stops that while we install, unless the machine has its
# own; and PostgreSQL's example cluster is not made.

package_root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)

missing_packages() {
  local wanted
  wanted=$(grep -v '^#' "$package_root/$1")
  # dpkg-query fails for a package it never heard of, which is one of the answers.
  # shellcheck disable=SC2086
  { dpkg-query -W -f '${Package} ${db:Status-Status}\n' $wanted 2>/dev/null || true; } | awk '$2 == "installed" { print $1 }' |
    sort -u | comm -13 - <(sort -u <<<"$wanted")
}

as_root() {
  if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi
}

keep_services_down() {
  [ -e /usr/sbin/policy-rc.d ] && return
  printf '#!/bin/sh\n# Landfall, while it installs packages: start no service.\nexit 101\n' | as_root tee /usr/sbin/policy-rc.d >/dev/null
  as_root chmod 755 /usr/sbin/policy-rc.d
  trap 'as_root rm -f /usr/sbin/policy-rc.d' EXIT
}

make_no_example_cluster() {
  [ -e /etc/postgresql-common/createcluster.conf ] && return
  as_root mkdir -p /etc/postgresql-common
  echo 'create_main_cluster = false' | as_root tee /etc/postgresql-common/createcluster.conf >/dev/null
}

install_missing_packages() {
  install_missing_from tools/packages.txt
}

install_missing_from() {
  local missing
  missing=$(missing_packages "$1")
  [ -z "$missing" ] && return
  echo "Installing from Debian: $(tr '\n' ' ' <<<"$missing")"
  keep_services_down
  make_no_example_cluster
  as_root apt-get update -qq
  # shellcheck disable=SC2086
  as_root env DEBIAN_FRONTEND=noninteractive RUNLEVEL=1 apt-get install -y -qq --no-install-recommends \
    -o Dpkg::Options::=--force-confold $missing >/dev/null
  if [ -n "$(trap -p EXIT)" ]; then
    as_root rm -f /usr/sbin/policy-rc.d
    trap - EXIT
  fi
}

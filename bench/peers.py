"""The peers, configured as somebody who knows them would: one worker, kept connections to upstreams, buffered logs.

Proxies run inside the VPC's own network (its router's namespace), as the load balancer's node: their listeners are
made outside and handed to them, their connections come from the node's address. So they pass the same veth and the same
security groups on the way to the same instance as Landfall does.
"""

import contextlib
import http.client
import os
import pathlib
import socket
import subprocess
import time

from measure import SERVER_CORE, output_of, pin_here, tree

LOADING_SECONDS = 300  # of a DNS server with 100,000 zones
PATHS = """  client_body_temp_path {folder}/b; proxy_temp_path {folder}/p; fastcgi_temp_path {folder}/f; uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;
"""
NGINX = """daemon off; worker_processes 1; user root; error_log {folder}/error.log; pid {folder}/pid; worker_rlimit_nofile 65536;
events {{ worker_connections 16384; multi_accept on; }}
http {{
  keepalive_requests 1000000000; keepalive_timeout 1h; sendfile on; tcp_nopush on; tcp_nodelay on; server_tokens off;
  open_file_cache max=1000 inactive=1h; open_file_cache_valid 1h;
  ssl_certificate {tls}/chain.pem; ssl_certificate_key {tls}/key.pem; ssl_protocols TLSv1.2 TLSv1.3; ssl_session_tickets on; ssl_buffer_size 16k;
""" + PATHS + "{body}\n}}\n"


def certificate(folder, name):
    """A P-256 key and its certificate in `folder`."""
    folder = pathlib.Path(folder)
    folder.mkdir(exist_ok=True)
    output_of(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", folder / "key.pem",
               "-out", folder / "chain.pem", "-subj", f"/CN={name}", "-addext", f"subjectAltName=DNS:{name}", "-days", "30"])
    (folder / "both.pem").write_text((folder / "chain.pem").read_text() + (folder / "key.pem").read_text())
    return folder


@contextlib.contextmanager
def listening(ports):
    """Listening sockets of the machine's own network, for a server that runs in another."""
    with contextlib.ExitStack() as open_here:
        yield [open_here.enter_context(_listening(port)) for port in ports]


def _listening(port):
    made = socket.socket()
    made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    made.bind(("127.0.0.1", port))
    made.listen(4096)
    made.setblocking(False)  # nginx takes an inherited socket as it is
    return made


def _answers_http(port):
    try:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=2)
        connection.request("GET", "/")
        return connection.getresponse().status > 0
    except (OSError, http.client.HTTPException):
        return False


def _answers_dns(zones):
    """Whether the server has loaded `zones`: listening it may be minutes before. Asks for the SOA of a hundred of them."""
    left = list(zones)[::max(1, len(zones) // 100)]

    def answers(port):
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asking:
            asking.settimeout(1)
            asking.connect(("127.0.0.1", port))
            try:
                while left:
                    labels = b"".join(bytes([len(each)]) + each.encode() for each in left[-1].split("."))
                    asking.send(b"\0\1\0\0\0\1\0\0\0\0\0\0" + labels + b"\0\0\6\0\1")
                    if asking.recv(4096)[3] & 15 != 0:  # RFC 1035 section 4.1.1: RCODE
                        return False
                    left.pop()
                return True
            except OSError:
                return False
    return answers


class Peer:
    """A server process on the server's core, with a folder of its own. Ready once it answers on `port`."""

    def __init__(self, name, folder, command, port, answers=_answers_http, patience=20, **options):
        self.name, self.folder = name, folder
        with open(pathlib.Path(folder, "output"), "wb") as output:
            self.process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=options.pop("stdout", output), stderr=output,
                                            preexec_fn=pin_here(SERVER_CORE), **options)
        deadline = time.monotonic() + patience
        while not answers(port):
            if self.process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"{name} did not start:\n{pathlib.Path(folder, 'output').read_text()}")
            time.sleep(0.05)  # a server that is not ours has no event to wait for

    def pids(self):
        return tree(self.process.pid)

    def stop(self):
        self.process.terminate()
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def _folder(parent, name):
    folder = pathlib.Path(parent, name)
    folder.mkdir(parents=True)
    folder.chmod(0o755)
    return folder


def nginx(parent, name, tls, body, port, network=None, sockets=()):
    """`network`: a namespace's file to run in; `sockets` are then its listeners (nginx takes them by number from NGINX)."""
    folder = _folder(parent, name)
    (folder / "nginx.conf").write_text(NGINX.format(folder=folder, tls=tls, body=body))
    command = ["nginx", "-e", str(folder / "error.log"), "-c", str(folder / "nginx.conf")]
    environment = dict(os.environ)
    if network:
        command = ["nsenter", f"--net={network}", *command]
        environment["NGINX"] = "".join(f"{each.fileno()};" for each in sockets)
    return Peer("nginx", folder, command, port, env=environment, pass_fds=[each.fileno() for each in sockets])


def nginx_proxy(parent, tls, network, node, upstream, ports):
    """Plain and TLS (HTTP/2 offered) proxies to one upstream, with an access log like a load balancer's."""
    body = f"""
  log_format alb '$scheme $time_iso8601 $remote_addr:$remote_port $upstream_addr $request_time $upstream_response_time $status $upstream_status '
                 '$request_length $bytes_sent "$request" "$http_user_agent" $ssl_cipher $ssl_protocol';
  access_log {parent}/nginx-proxy/access.log alb buffer=64k flush=5s;
  upstream target {{ server {upstream}; keepalive 256; keepalive_requests 1000000000; keepalive_timeout 1h; }}
  server {{
    listen 127.0.0.1:{ports[0]}; listen 127.0.0.1:{ports[1]} ssl http2;
    location / {{
      proxy_pass http://target; proxy_http_version 1.1; proxy_bind {node}; proxy_set_header Connection ""; proxy_set_header Host $host;
      proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for; proxy_set_header X-Forwarded-Proto $scheme; proxy_set_header X-Forwarded-Port $server_port;
      proxy_buffer_size 16k; proxy_buffers 8 64k; proxy_busy_buffers_size 128k; proxy_max_temp_file_size 0;
    }}
  }}"""
    with listening(ports) as sockets:
        return nginx(parent, "nginx-proxy", tls, body, ports[0], network, sockets)


HAPROXY = """global
  nbthread 1
  maxconn 4096
  log stdout format raw local0
  tune.bufsize 16384
  ssl-default-bind-options ssl-min-ver TLSv1.2
defaults
  mode http
  log global
  option httplog
  option splice-auto
  option http-keep-alive
  http-reuse always
  timeout connect 10s
  timeout client 1h
  timeout server 1h
  timeout http-keep-alive 1h
frontend in
  bind fd@{plain}
  bind fd@{secure} ssl crt {tls}/both.pem alpn h2,http/1.1
  http-request set-header X-Forwarded-Proto %[ssl_fc,iif(https,http)]
  http-request set-header X-Forwarded-Port %[dst_port]
  option forwardfor
  default_backend target
backend target
  source {node}
  server target {upstream} pool-max-conn 256 pool-purge-delay 1h
"""


def haproxy(parent, tls, network, node, upstream, ports):
    folder = _folder(parent, "haproxy")
    with listening(ports) as sockets, open(folder / "access.log", "wb") as log:
        (folder / "haproxy.cfg").write_text(HAPROXY.format(plain=sockets[0].fileno(), secure=sockets[1].fileno(), tls=tls, node=node, upstream=upstream))
        return Peer("HAProxy", folder, ["nsenter", f"--net={network}", "haproxy", "-db", "-f", str(folder / "haproxy.cfg")], ports[0],
                    pass_fds=[each.fileno() for each in sockets], stdout=log)


def nginx_files(parent, tls, root, ports):
    """Static files, plain and TLS."""
    return nginx(parent, "nginx-files", tls,
                 f"  access_log off; server {{ listen 127.0.0.1:{ports[0]}; listen 127.0.0.1:{ports[1]} ssl; root {root}; }}", ports[0])


def nginx_cache(parent, tls, origin_port, ports):
    """A caching proxy, plain and TLS."""
    body = f"""
  access_log off; proxy_cache_path {parent}/nginx-cache/cache keys_zone=cdn:10m use_temp_path=off;
  upstream origin {{ server 127.0.0.1:{origin_port}; keepalive 64; }}
  server {{ listen 127.0.0.1:{ports[0]}; listen 127.0.0.1:{ports[1]} ssl;
    location / {{ proxy_cache cdn; proxy_cache_valid 200 1d; proxy_cache_lock on; add_header X-Cache $upstream_cache_status;
      proxy_pass http://origin; proxy_http_version 1.1; proxy_set_header Connection ""; }} }}"""
    return nginx(parent, "nginx-cache", tls, body, ports[0])


def varnish(parent, origin_port, port, storage="malloc,256m"):
    folder = _folder(parent, "varnish-" + storage.partition(",")[0])
    (folder / "bench.vcl").write_text(f'vcl 4.1;\nbackend origin {{ .host = "127.0.0.1"; .port = "{origin_port}"; }}\n'
                                      "sub vcl_backend_response { set beresp.ttl = 1d; }\n")
    return Peer("Varnish", folder, ["varnishd", "-F", "-j", "none", "-n", str(folder / "work"), "-f", str(folder / "bench.vcl"), "-a", f"127.0.0.1:{port}",
                                    "-s", storage, "-p", "thread_pools=1", "-p", "thread_pool_min=80", "-p", "timeout_idle=3600", "-T", "none"], port)


def nsd(parent, zones, port):
    """`zones`: {name: zone file}."""
    folder = _folder(parent, "nsd")
    text = (f"server:\n  server-count: 1\n  ip-address: 127.0.0.1@{port}\n  username: \"\"\n  database: \"\"\n  zonesdir: {folder}\n  pidfile: {folder}/pid\n"
            f"  xfrdfile: {folder}/xfrd\n  zonelistfile: {folder}/zones\n  xfrdir: {folder}\n  rrl-ratelimit: 0\n  round-robin: no\n  minimal-responses: yes\n"
            "remote-control:\n  control-enable: no\n")
    text += "".join(f"zone:\n  name: {name}\n  zonefile: {file}\n" for name, file in zones.items())
    (folder / "nsd.conf").write_text(text)
    return Peer("NSD", folder, ["nsd", "-d", "-c", str(folder / "nsd.conf")], port, _answers_dns(zones), LOADING_SECONDS)


def knot(parent, zones, port):
    folder = _folder(parent, "knot")
    text = (f"server:\n  rundir: {folder}\n  listen: 127.0.0.1@{port}\n  udp-workers: 1\n  tcp-workers: 1\n  background-workers: 1\n"
            f"database:\n  storage: {folder}\ntemplate:\n  - id: default\n    storage: {folder}\n    journal-content: none\n    zonefile-load: whole\n    zonefile-sync: -1\nzone:\n")
    text += "".join(f"  - domain: {name}\n    file: {file}\n" for name, file in zones.items())
    (folder / "knot.conf").write_text(text)
    return Peer("Knot", folder, ["knotd", "-c", str(folder / "knot.conf")], port, _answers_dns(zones), LOADING_SECONDS)

#!/bin/sh
echo "user data ran" >/var/tmp/user-data

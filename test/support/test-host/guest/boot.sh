#!/bin/sh
# Mounts what a running Debian has; "testhost.cgroup=v1|v2" on the kernel's command line chooses the cgroup version.
mount -t proc proc /proc
mount -t sysfs sysfs /sys
mount -t debugfs debugfs /sys/kernel/debug
mkdir -p /dev/pts /dev/shm
mount -t devpts devpts /dev/pts
mount -t tmpfs tmpfs /dev/shm
mount -t tmpfs tmpfs /run
mkdir -p /run/lock
mount -t tmpfs tmpfs /tmp
if grep -q testhost.cgroup=v1 /proc/cmdline; then
  mount -t tmpfs tmpfs /sys/fs/cgroup
  for controller in cpu cpuacct cpuset freezer memory; do
    mkdir /sys/fs/cgroup/$controller
    mount -t cgroup -o $controller cgroup /sys/fs/cgroup/$controller
  done
else
  mount -t cgroup2 cgroup2 /sys/fs/cgroup
fi
mount -t ext4 /dev/vdb /project
hostname test-host
ip link set lo up

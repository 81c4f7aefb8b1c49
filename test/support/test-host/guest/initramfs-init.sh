#!/bin/busybox sh
# First process of the test host: loads the disk's drivers, mounts the disk, hands over to its init.
bb=/bin/busybox
$bb mkdir -p /proc /sys /dev /newroot
$bb mount -t devtmpfs devtmpfs /dev
while read -r module; do $bb insmod "/modules/$module" || $bb echo "test host: insmod $module failed"; done </modules/order
tries=0
while [ ! -b /dev/vda ]; do
  tries=$((tries + 1))
  [ $tries -gt 200 ] && { $bb echo 'test host: no disk appeared'; $bb poweroff -f; }
  $bb usleep 20000
done
$bb mount -t ext4 /dev/vda /newroot || { $bb echo 'test host: its disk does not mount'; $bb poweroff -f; }
$bb mount --move /dev /newroot/dev
exec $bb switch_root /newroot /sbin/init

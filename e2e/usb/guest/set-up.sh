#!/bin/sh
# What a booted Debian has and the small machine has not: modules, udev, configfs. $KERNEL: where the modules lie.
set -e
modprobe -d "$KERNEL" dummy_hcd num=4
modprobe -d "$KERNEL" -a libcomposite usb_f_hid usb_f_acm usbhid hid_generic evdev cdc_acm
modprobe -d "$KERNEL" -a xhci_pci
mkdir -p /run/udev /run/pcscd
mount -t configfs configfs /sys/kernel/config
/lib/systemd/systemd-udevd --daemon
udevadm trigger
udevadm settle --timeout=30

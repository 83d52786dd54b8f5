#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-only
"""N hosts on one Linux bridge, as Mininet builds them: prints the seconds until they are up.

usage: unshare -Urnmpf --mount-proc mininet-hosts.py N      whatever it made ends with its namespaces
"""
import os
import sys
import time

from mininet.net import Mininet
from mininet.nodelib import LinuxBridge
from mininet.topo import SingleSwitchTopo

start = time.monotonic()
net = Mininet(topo=SingleSwitchTopo(int(sys.argv[1])), switch=LinuxBridge, controller=None, waitConnected=False)
net.start()
print(f"{time.monotonic() - start:.4f}", flush=True)
os._exit(0)

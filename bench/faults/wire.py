"""Holds packets back between two ends of cables (AF_PACKET), for kernels without netem.

wire.py ONE OTHER MILLISECONDS   hands every frame of one on to the other after that time, both ways; prints "ready" when it does
wire.py --off INTERFACE...       makes these send real checksums and real frames, without which TCP does not survive the detour
"""
import array
import fcntl
import heapq
import select
import socket
import struct
import sys
import time

SIOCETHTOOL = 0x8946
# Transmit checksums, scatter-gather, TCP, UDP and generic segmentation: ethtool's set commands.
OFFLOADS = (0x17, 0x1F, 0x21, 0x24, 0x2C)
ETH_P_ALL = 3


def switch_off_offloads(interface):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        for command in OFFLOADS:
            value = array.array("B", struct.pack("II", command, 0))
            request = struct.pack("16sP", interface.encode(), value.buffer_info()[0])
            try:
                fcntl.ioctl(sock, SIOCETHTOOL, request)
            except OSError:
                pass


def open_end(interface):
    end = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(ETH_P_ALL))
    end.bind((interface, 0))
    end.setblocking(False)
    end.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 8 << 20)
    return end


def hand_on(one, other, delay):
    waiting = []
    number = 0
    while True:
        pause = max(0, waiting[0][0] - time.monotonic()) if waiting else 1.0
        for end in select.select([one, other], [], [], pause)[0]:
            while True:
                try:
                    frame, address = end.recvfrom(65536)
                except BlockingIOError:
                    break
                if address[2] == socket.PACKET_OUTGOING:
                    continue  # our own
                number += 1
                to = other if end is one else one
                heapq.heappush(waiting, (time.monotonic() + delay, number, to, frame))
        while waiting and waiting[0][0] <= time.monotonic():
            _, _, to, frame = heapq.heappop(waiting)
            try:
                to.send(frame)
            except OSError:
                pass


if sys.argv[1] == "--off":
    for name in sys.argv[2:]:
        switch_off_offloads(name)
else:
    for name in sys.argv[1:3]:
        switch_off_offloads(name)
    ends = [open_end(name) for name in sys.argv[1:3]]
    print("ready", flush=True)
    hand_on(*ends, float(sys.argv[3]) / 1000)

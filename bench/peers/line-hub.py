"""A hub of lines on Twisted: what one connection says goes to all. Usage: line-hub.py PORT"""
import sys

from twisted.internet import protocol, reactor
from twisted.protocols import basic


class Line(basic.LineOnlyReceiver):
    def connectionMade(self):
        self.transport.setTcpNoDelay(True)
        self.factory.lines.add(self)

    def connectionLost(self, reason):
        self.factory.lines.discard(self)

    def lineReceived(self, line):
        if line == b"hello":
            self.sendLine(b"welcome")
            return
        for each in self.factory.lines:
            each.sendLine(line)


class Hub(protocol.Factory):
    protocol = Line

    def __init__(self):
        self.lines = set()


reactor.listenTCP(int(sys.argv[1]), Hub(), backlog=1024, interface="127.0.0.1")
reactor.callWhenRunning(lambda: print("ready", flush=True))
reactor.run()

"""What the three EasyTCP programs of the Python reference share.

The contract is protocol/README.md; "clause 4.1" in a comment is a clause of it. The modules, from
the wire upwards:

    wire          the codec: headers, limits, reply reader        (client and servers, no socket)
    address       how an address is written, and judged           (client and servers, no socket)
    console       lines on stdout and stderr                      (client and servers)
    farewell      SIGINT and SIGTERM                              (client and servers)
    commandline   the grammar of the arguments                    (client and servers)

    answers       what each command is answered                   (servers, no socket)
    conversation  one client's bytes in, bytes out, what next     (servers, no socket)
    registry      who is connected, and the lines about it        (servers, no socket)
    schedule      when a report is due                            (servers, no socket)
    session       a socket and its conversation                   (servers)
    acceptor      the listening socket, and what if it cannot     (servers)
    server        start and end of a server                       (servers)

    linereader    lines from stdin                                (client)
    connecting    from a host's name to a connection              (client)
    exchange      one request and its reply                       (client)

Nothing heavy is imported anywhere: a test suite starts these programs by the hundred.
"""

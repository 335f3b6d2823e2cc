"""A mail server for tests: SMTP (RFC 5321) with STARTTLS, TLS and AUTH PLAIN.

smtp_server.py FOLDER CERTIFICATE KEY [--tls] [--plain] [--login USER:PASSWORD]

Prints its port, then serves until its input ends. Each accepted message becomes FOLDER/<n>.eml, the
envelope's sender and recipient in its first line. The recipient says how the server behaves:
refused@ 550 to RCPT, spam@ 554 to the text, busy@ 451 to the text, silent@ takes the text and hangs
up, gone@ hangs up before the text.
"""

import base64
import os
import socket
import ssl
import sys
import threading

folder, certificate, key = sys.argv[1:4]
options = sys.argv[4:]
login = options[options.index("--login") + 1] if "--login" in options else None
context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain(certificate, key)
count = 0
lock = threading.Lock()


def keep(sender, recipient, text):
    global count
    with lock:
        count += 1
        with open(os.path.join(folder, f"{count}.eml"), "wb") as file:
            file.write(f"{sender} {recipient}\r\n".encode() + text)


def serve(connection):
    secure = "--tls" in options
    if secure:
        connection = context.wrap_socket(connection, server_side=True)
    stream = connection.makefile("rwb")
    known = login is None
    sender = recipient = ""

    def say(line):
        stream.write(line.encode() + b"\r\n")
        stream.flush()

    say("220 test ESMTP")
    while True:
        line = stream.readline().decode(errors="replace").strip()
        word = line.upper()
        if not line or word.startswith("QUIT"):
            if line:
                say("221 bye")
            return
        if word.startswith("EHLO"):
            say("250-test")
            if not secure and "--plain" not in options:
                say("250-STARTTLS")
            if login:
                say("250-AUTH PLAIN")
            say("250 SIZE 1000000")
        elif word.startswith("STARTTLS"):
            say("220 go on")
            connection = context.wrap_socket(connection, server_side=True)
            stream = connection.makefile("rwb")
            secure = True
        elif word.startswith("AUTH PLAIN"):
            words = line.split()
            if len(words) < 3:
                say("334 ")
                words.append(stream.readline().decode().strip())
            given = base64.b64decode(words[2]).decode().split("\0", 1)[1].replace("\0", ":")
            known = given == login
            say("235 welcome" if known else "535 no such user as planted@example.org")
        elif word.startswith("MAIL"):
            sender = line.split("<")[1].split(">")[0]
            say("250 ok" if known else "530 log in first")
        elif word.startswith("RCPT"):
            recipient = line.split("<")[1].split(">")[0]
            if recipient.startswith("gone@"):
                return
            say("550 nobody here called planted" if recipient.startswith("refused@") else "250 ok")
        elif word.startswith("DATA"):
            say("354 go on")
            text = b""
            while True:
                row = stream.readline()
                if row in (b".\r\n", b""):
                    break
                text += row[1:] if row.startswith(b".") else row
            if recipient.startswith("spam@"):
                say("554 spam")
            elif recipient.startswith("busy@"):
                say("451 later")
            elif recipient.startswith("silent@"):
                keep(sender, recipient, text)
                return
            else:
                keep(sender, recipient, text)
                say("250 kept")
        else:
            say("250 ok")


def guard(connection):
    try:
        serve(connection)
    except (OSError, ValueError, IndexError):
        pass
    finally:
        # The handle of a stream would keep the connection open.
        try:
            connection.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass
        connection.close()


listener = socket.create_server(("127.0.0.1", 0))
print(listener.getsockname()[1], flush=True)


def accept():
    while True:
        connection, _ = listener.accept()
        threading.Thread(target=guard, args=(connection,), daemon=True).start()


threading.Thread(target=accept, daemon=True).start()
sys.stdin.read()

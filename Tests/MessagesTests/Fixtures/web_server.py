"""A gateway for tests: takes POSTs over HTTP.

web_server.py FOLDER

Prints its port, then serves until its input ends. Each request becomes FOLDER/<n>.txt: headers, an
empty line, the body. The path says how it behaves: /CODE answers with that code, /silent takes the
request and hangs up.
"""

import http.server
import os
import sys
import threading

folder = sys.argv[1]
count = 0


class Handler(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        global count
        body = self.rfile.read(int(self.headers["Content-Length"]))
        count += 1
        with open(os.path.join(folder, f"{count}.txt"), "wb") as file:
            file.write(str(self.headers).encode() + body)
        if self.path == "/silent":
            self.close_connection = True
            return
        self.send_response(int(self.path[1:]))
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *arguments):
        pass


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
print(server.server_address[1], flush=True)
threading.Thread(target=server.serve_forever, daemon=True).start()
sys.stdin.read()

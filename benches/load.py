#!/usr/bin/env python3
"""Loads the service on this machine, and prints what it takes.

    benches/load.py --yuanwen BIN --docs FOLDER --questions Q.csv|Q.jsonl [--soak SECONDS]

Everything runs on the loopback interface, so the figures share the processors with the load. wrk
(Debian's package) drives the saturated part; the part at a fixed rate is driven here, each latency
counted from the moment at which the request was due, so that a stall counts for all that waited.

  rate       50 requests a second, each question in turn
  saturated  2 connections for each processor, as fast as they are answered
  clients    64 at once
  same       answers against those of `yuanwen ask --json`
  ingest     all documents uploaded while 20 questions a second are asked
  soak       50 requests a second for so long: the memory before and after
"""
import argparse, csv, http.client, json, os, pathlib, re, shutil, subprocess, sys, tempfile, threading, time

KB = "/api/v1/kbs/kb"


def questions(path):
    with open(path, encoding="utf-8-sig") as file:
        if path.endswith(".csv"):
            return [row["question"] for row in csv.DictReader(file)]
        return [json.loads(line)["question"] for line in file if line.strip()]


class Server:
    def __init__(self, binary, data):
        command = [binary, "serve", "--kb" if (pathlib.Path(data) / "catalogue.db").exists() else "--data", data, "--listen", "127.0.0.1:0", "--audit", "off"]
        self.process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
        for line in self.process.stderr:
            found = re.search(r"listening on http://(\S+)", line)
            if found:
                self.address = found.group(1)
                break
        else:
            sys.exit("the server did not start")
        threading.Thread(target=lambda: [None for _ in self.process.stderr], daemon=True).start()

    def memory(self):
        """Resident and peak, in MiB."""
        status = pathlib.Path(f"/proc/{self.process.pid}/status").read_text()
        kib = lambda name: int(re.search(rf"{name}:\s+(\d+)", status).group(1)) / 1024
        return kib("VmRSS"), kib("VmHWM")

    def request(self, method, path, body=None, kind="application/json"):
        connection = http.client.HTTPConnection(self.address, timeout=60)
        if isinstance(body, dict):
            body = json.dumps(body)
        headers = {"content-type": kind} if body is not None else {}
        body = body.encode() if isinstance(body, str) else body
        connection.request(method, path, body, headers)
        reply = connection.getresponse()
        data = reply.read()
        connection.close()
        return reply.status, data

    def stop(self):
        self.process.terminate()
        self.process.wait(20)


def at_rate(server, asked, rate, seconds, stop=None):
    """Latencies in ms and failures of questions that are due at fixed times."""
    latencies, failures, lock = [], [], threading.Lock()
    begin, count = time.perf_counter(), int(rate * seconds)
    turn = iter(range(count))

    def work():
        connection = http.client.HTTPConnection(server.address, timeout=60)
        while True:
            with lock:
                at = next(turn, None)
            if at is None or (stop and stop.is_set()):
                return
            due = begin + at / rate
            time.sleep(max(0, due - time.perf_counter()))
            try:
                body = json.dumps({"question": asked[at % len(asked)]})
                connection.request("POST", f"{KB}/ask", body.encode(), {"content-type": "application/json"})
                reply = connection.getresponse()
                reply.read()
                took = (time.perf_counter() - due) * 1000
                with lock:
                    (latencies if reply.status == 200 else failures).append(took)
            except OSError as error:
                failures.append(str(error))
                connection.close()

    threads = [threading.Thread(target=work) for _ in range(16)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    return sorted(latencies), failures


def shown(name, latencies, failures):
    share = lambda part: latencies[min(len(latencies) - 1, int(part * len(latencies)))]
    print(f"{name:10} {len(latencies)} answered, {len(failures)} failed, p50 {share(.5):.1f} ms, p99 {share(.99):.1f} ms, max {latencies[-1]:.1f} ms")


def wrk(server, asked, connections, seconds, folder):
    script = folder / "ask.lua"
    bodies = [json.dumps({"question": question}) for question in asked]
    lines = ",\n".join("[====[" + body + "]====]" for body in bodies)
    script.write_text(
        "local bodies = {" + lines + "}\nlocal at = 0\n"
        "request = function()\n  at = at % #bodies + 1\n"
        f'  return wrk.format("POST", "{KB}/ask", {{["content-type"] = "application/json"}}, bodies[at])\nend\n'
        "done = function(summary, latency)\n"
        '  io.write(string.format("RESULT %d %d %d %.2f %.2f\\n", summary.requests, summary.duration,'
        " summary.errors.status + summary.errors.connect + summary.errors.read + summary.errors.write + summary.errors.timeout,"
        " latency:percentile(50) / 1000, latency:percentile(99) / 1000))\nend\n"
    )
    command = ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "--timeout", "30s", "-s", str(script), f"http://{server.address}"]
    output = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    requests, micros, errors, p50, p99 = re.search(r"RESULT (\S+) (\S+) (\S+) (\S+) (\S+)", output).groups()
    return int(requests) / (int(micros) / 1e6), int(errors), float(p50), float(p99)


def main():
    parser = argparse.ArgumentParser()
    for name in ("--yuanwen", "--docs", "--questions"):
        parser.add_argument(name, required=True)
    parser.add_argument("--seconds", type=int, default=10)
    parser.add_argument("--soak", type=int, default=0)
    arguments = parser.parse_args()
    asked = questions(arguments.questions)
    binary = os.path.abspath(arguments.yuanwen)
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        kb = str(folder / "kb")
        subprocess.run([binary, "index", "--kb", kb, arguments.docs], stderr=subprocess.DEVNULL)
        server = Server(binary, kb)
        at_rate(server, asked, 50, 2)
        shown("rate", *at_rate(server, asked, 50, arguments.seconds))
        if shutil.which("wrk"):
            for name, connections in (("saturated", 2 * (os.cpu_count() or 2)), ("clients", 64)):
                rate, errors, p50, p99 = wrk(server, asked, connections, arguments.seconds, folder)
                print(f"{name:10} {rate:.0f} requests/s, {errors} errors, p50 {p50:.1f} ms, p99 {p99:.1f} ms")
        else:
            print("saturated  skipped: wrk is not installed")
        same = 0
        for question in asked[:25]:
            served = json.loads(server.request("POST", f"{KB}/ask", {"question": question})[1])
            told = subprocess.run([binary, "ask", "--kb", kb, question, "--json"], capture_output=True, text=True)
            told = json.loads(told.stdout)
            for answer in (served, told):
                for field in ("id", "ms", "llm"):
                    answer.pop(field, None)
            same += served == told
        print(f"same       {same} of {len(asked[:25])} answers are those of the command line")
        if arguments.soak:
            before = server.memory()[0]
            latencies, failures = at_rate(server, asked, 50, arguments.soak)
            shown("soak", latencies, failures)
            print(f"           memory {before:.0f} MiB before, {server.memory()[0]:.0f} after, {server.memory()[1]:.0f} at most")
        server.stop()
        data = folder / "data"
        (data / "kbs").mkdir(parents=True)
        server = Server(binary, str(data))
        server.request("POST", "/api/v1/kbs", {"id": "kb"})
        stop, result = threading.Event(), []
        questioner = threading.Thread(target=lambda: result.extend(at_rate(server, asked, 20, 600, stop)))
        questioner.start()
        begin = time.perf_counter()
        files = sorted(path for path in pathlib.Path(arguments.docs).iterdir() if path.is_file())
        from urllib.parse import quote
        for path in files:
            status, body = server.request("POST", f"{KB}/documents?name={quote(path.name)}", path.read_bytes(), "application/octet-stream")
            assert status == 202, body
        uploaded = time.perf_counter() - begin
        while json.loads(server.request("GET", f"{KB}/queue?limit=1")[1])["waiting"]:
            time.sleep(0.05)
        took = time.perf_counter() - begin
        stop.set()
        questioner.join()
        shown("ingest", *result)
        print(f"           {len(files)} documents uploaded in {uploaded:.1f} s, searchable after {took:.1f} s")
        server.stop()


main()

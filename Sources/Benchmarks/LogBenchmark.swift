import Foundation
import InteractionLogs
import LocalTime
import Rehearsal

/// Reading a generated ChatGPT export of a gigabyte: 20,000 conversations of 22 turns.
enum LogBenchmark {
  /// Conversations of some 50 KB each.
  private static func export(to file: URL, conversations: Int) throws -> Int {
    guard FileManager.default.createFile(atPath: file.path, contents: nil) else { return 0 }
    let handle = try FileHandle(forWritingTo: file)
    defer { try? handle.close() }
    let zone = try timeZone(named: "UTC")
    let first = try instant(iso8601: "2025-01-01T08:00:00Z")
    let all = (0..<conversations).lazy.map { index in
      UseRecord.Conversation(
        starts: LocalMoment(first.addingTimeInterval(Double(index) * 3600), in: zone),
        minutes: 40, turns: 22)
    }
    let habits = SimulatedExport.Habits(questionWords: 60, answerWords: 260)
    var bytes = 0
    _ = try SimulatedExport(.chatGPT, habits: habits, seed: 1).write(all, of: "benchmark") {
      bytes += $0.count
      try handle.write(contentsOf: $0)
    }
    return bytes
  }

  static func run() throws {
    let file = FileManager.default.temporaryDirectory
      .appending(path: "longwell-bench-\(UUID().uuidString).json")
    defer { try? FileManager.default.removeItem(at: file) }
    let bytes = try export(to: file, conversations: 20_000)
    print("A ChatGPT export of \(bytes / 1_000_000) MB, 20,000 conversations (seed 1)")
    // Memory before anything else has been read.
    let structure = LogOptions(zone: try timeZone(named: "UTC"))
    _ = try InteractionLog.read(path: file.path, options: structure)
    let peak = peakMemory()
    var ours = try Measurement.of(
      { _ = try InteractionLog.read(path: file.path, options: structure) }, runs: 3)
    ours.peakMemory = peak
    let bound = try Measurement.of({ _ = try ParserBound.documents(path: file.path) }, runs: 3)
    func speed(_ measurement: Measurement) -> String {
      String(format: "%.0f MB/s", Double(bytes) / 1e6 / measurement.processorMedian)
    }
    print("  structure: \(ours.text); \(speed(ours)) of CPU")
    print(
      "  bound, splitting and parsing alone: \(bound.text); ours is "
        + "\(ratio(bound.processorMedian, to: ours.processorMedian)) its speed")
    show(
      try Peer.python(structureScript, timed: "structure('\(file.path)')", runs: 1),
      "Python's json and a minimal loop", beside: ours)
    show(
      try Peer.python("import duckdb", timed: duckScript(file), runs: 1),
      "DuckDB, one thread, every message of the trees without their paths", beside: ours)
    var words = structure
    words.text = TextReader(lists: .shipped)
    let all = try Measurement.of(
      { _ = try InteractionLog.read(path: file.path, options: words) }, runs: 1)
    print("  all features: \(all.text); \(speed(all)) of CPU")
    show(
      try Peer.python(wordsScript(file), timed: "words(part)", runs: 1),
      "Python with vaderSentiment on the first 2 % of them, times 50", beside: all, times: 50)
  }

  private static func show(
    _ peer: Measurement?, _ name: String, beside ours: Measurement, times: Double = 1
  ) {
    guard let peer else { return print("  \(name): not installed, or failed; skipped") }
    print(
      "  \(name): \(peer.text); ours is "
        + "\(ratio(peer.processorMedian * times, to: ours.processorMedian)) as fast")
  }

  /// The most memory that the process has held, in bytes.
  private static func peakMemory() -> Double? {
    let status = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
    let line = status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") }
    return line?.split(separator: " ").compactMap { Double($0) }.first.map { $0 * 1024 }
  }

  /// The visible path, branches, lengths and times, without anything else.
  private static let structureScript = """
    import json
    def path(c):
        nodes, place, seen = c['mapping'], c.get('current_node'), set()
        while place in nodes and place not in seen:
            seen.add(place)
            m = nodes[place].get('message')
            if m and m['author']['role'] in ('user', 'assistant') and m.get('recipient') == 'all':
                yield m
            place = nodes[place].get('parent')
    def structure(file):
        total = 0
        for c in json.load(open(file, encoding='utf-8')):
            users = answers = characters = words = 0
            times = []
            for m in path(c):
                text = ''.join(p for p in m['content'].get('parts', []) if isinstance(p, str))
                characters += len(text)
                words += len(text.split())
                times.append(m.get('create_time'))
                if m['author']['role'] == 'user': users += 1
                else: answers += 1
            branches = {}
            for n in c['mapping'].values():
                m = n.get('message')
                if m: branches.setdefault((n.get('parent'), m['author']['role']), []).append(1)
            total += sum(len(b) - 1 for b in branches.values()) + users + answers + characters
        return total
    """

  /// The messages of all branches with their lengths and times: a query does not walk a tree. Polars does not read
  /// these exports, whose objects have keys of their own.
  private static func duckScript(_ file: URL) -> String {
    """
    duckdb.connect(config={'threads': 1}).execute(\"\"\"
                select count(*), sum(length(text)), count(*) filter (role = 'user'), sum(time)
                from (
                  select e.value->>'$.message.author.role' as role,
                    (e.value->>'$.message.create_time')::double as time,
                    e.value->>'$.message.content.parts[0]' as text
                  from read_json('\(file.path)', format = 'array',
                    maximum_object_size = 100000000, columns = {'mapping': 'JSON'}) c,
                    json_each(c.mapping) e)\"\"\").fetchall()
    """
  }

  /// The same with the sentiment of each sentence of the person, the dearest of the features.
  private static func wordsScript(_ file: URL) -> String {
    """
    \(structureScript)
    import re
    from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer
    analyzer = SentimentIntensityAnalyzer()
    part = json.dumps(json.load(open('\(file.path)', encoding='utf-8'))[:400])
    def words(part):
        structure_total, total = 0, 0.0
        for c in json.loads(part):
            for m in path(c):
                text = ''.join(p for p in m['content'].get('parts', []) if isinstance(p, str))
                structure_total += len(text) + len(text.split())
                if m['author']['role'] == 'user':
                    for s in re.split(r'(?<=[.!?])\\s+', text):
                        total += analyzer.polarity_scores(s)['compound']
        return total
    """
  }
}

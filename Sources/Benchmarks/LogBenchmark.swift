import Foundation
import InteractionLogs
import LocalTime
import Rehearsal

/// Reading a generated ChatGPT export of a gigabyte: 20,000 conversations of 22 turns.
///
/// The peers are Python's packages ``packages``, which `pip install` has in a virtual environment; `PYTHON` names its
/// interpreter.
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

  private static let packages = "vaderSentiment pycld2 duckdb polars"

  /// How many times the whole is as long as the part that slow peers get.
  private static let parts = 50

  static func run() throws {
    let folder = FileManager.default.temporaryDirectory
      .appending(path: "longwell-bench-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: false)
    defer { try? FileManager.default.removeItem(at: folder) }
    let file = folder.appending(path: "whole.json")
    let part = folder.appending(path: "part.json")
    let bytes = try export(to: file, conversations: 20_000)
    _ = try export(to: part, conversations: 20_000 / parts)
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
      try Peer.python("import duckdb", timed: duckScript(part), runs: 1),
      "DuckDB, one thread, every message without its path, on the first 2 % of them, times "
        + "\(parts): it holds sixty times a file in memory", beside: ours, times: parts)
    show(
      try Peer.python(
        "import os; os.environ['POLARS_MAX_THREADS'] = '1'; import polars",
        timed: "polars.read_json('\(part.path)', infer_schema_length = None)", runs: 1),
      "polars, one thread, reading alone: it makes a column of every id, so that time grows with the "
        + "square of the length; on the first 2 % of them, times \(parts)", beside: ours,
      times: parts)
    var words = structure
    words.text = TextReader(lists: .shipped)
    let all = try Measurement.of(
      { _ = try InteractionLog.read(path: file.path, options: words) }, runs: 1)
    print("  all features: \(all.text); \(speed(all)) of CPU")
    show(
      try Peer.python(wordsScript(part), timed: "words()", runs: 1),
      "the same features in Python with vaderSentiment, pycld2 and our lists, on the first 2 % of "
        + "them, times \(parts)", beside: all, times: parts)
  }

  private static func show(
    _ peer: Measurement?, _ name: String, beside ours: Measurement, times: Int = 1
  ) {
    guard let peer else {
      return print(
        "  \(name): not installed, or failed; skipped (pip install \(packages) in a virtual "
          + "environment, and PYTHON=its python)")
    }
    print(
      "  \(name): \(peer.text); ours is "
        + "\(ratio(peer.processorMedian * Double(times), to: ours.processorMedian)) as fast")
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
        return counted(json.load(open(file, encoding='utf-8')))
    def counted(conversations):
        total = 0
        for c in conversations:
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

  /// The messages of all branches with their lengths and times: a query does not walk a tree.
  private static func duckScript(_ file: URL) -> String {
    """
    duckdb.connect(config={'threads': 1}).execute(\"\"\"
                select count(m.author.role), sum(length(m.content.parts[1])),
                  count(*) filter (m.author.role = 'user'), sum(m.create_time)
                from (select unnest(map_values(mapping)).message as m
                  from read_json('\(file.path)', format = 'array', columns = {
                    'mapping': 'MAP(VARCHAR, STRUCT(message STRUCT(author STRUCT(role VARCHAR),
                      create_time DOUBLE, content STRUCT(parts VARCHAR[]))))'}))
                \"\"\").fetchall()
    """
  }

  /// The same with languages (of 8 KB a speaker), the feeling of the person's sentences, questions, and the phrases
  /// of our lists, found by a trie of words.
  private static func wordsScript(_ file: URL) -> String {
    """
    \(structureScript)
    import re, pycld2
    from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer
    analyzer = SentimentIntensityAnalyzer()
    trie, section = {}, None
    for line in open('Sources/CEmbedded/Words/rules.en.txt').read().split('---', 1)[1].splitlines():
        if line.startswith('['): section = line[1:-1]
        elif section and line:
            node = trie
            for word in line.split(): node = node.setdefault(word, {})
            node.setdefault('', []).append(section)
    word = re.compile(r"[^\\W_]+(?:'[^\\W_]+)*")
    sentence = re.compile(r'(?<=[.!?])\\s+|\\n+')
    def phrases(text, counts):
        found = word.findall(text.lower())
        for start, first in enumerate(found):
            node, place = trie.get(first), start + 1
            while node is not None:
                for section in node.get('', ()): counts[section] = counts.get(section, 0) + 1
                if place == len(found): break
                after = node.get(found[place])
                node, place = node.get('_') if after is None else after, place + 1
        return len(found)
    def words():
        conversations = json.load(open('\(file.path)', encoding='utf-8'))
        total, counts, asked = counted(conversations), {}, 0
        for c in conversations:
            said = [(m['author']['role'], ''.join(
                p for p in m['content'].get('parts', []) if isinstance(p, str))) for m in path(c)]
            for role in ('user', 'assistant'):
                pycld2.detect('\\n'.join(t for r, t in said if r == role)[:8192])
            for role, text in reversed(said):
                text = text.replace('\\u2019', "'")
                total += phrases(text, counts)
                if role == 'assistant': asked += text.rstrip().endswith('?')
                else:
                    for s in sentence.split(text):
                        total += analyzer.polarity_scores(s)['compound']
                        asked += s.endswith('?')
        return total
    """
  }
}

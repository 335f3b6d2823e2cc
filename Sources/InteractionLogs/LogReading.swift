internal import Archives
internal import Foundation

/// One reading of an export: finds out what it is, hands each document to its reader, and puts
/// together what comes out.
struct LogReading {
  private let options: LogOptions
  private let clock: LocalClock
  private let parser: JSONParser
  /// The meter of trees, of the source that was found.
  private var treeMeter: (source: LogSource, meter: ConversationMeter)?
  private var builder: LogBuilder
  private var source: LogSource?
  private var readers = Readers()
  private var tree = ConversationTree()
  private var rows = RowCollector()
  private var history = ResentHistory()
  /// What a file looked like that was no export.
  private var shape: LogProblem.Shape = .other
  /// The names of the files of all zips, and those that a manifest in any of them lists.
  private var paths: Set<String> = []
  private var listed: Set<String> = []
  /// Whether the file that is read is in a zip, where people's own files are too.
  private var isInArchive = false
  /// Whether the file that is read is an export.
  private var isExport = false
  /// Why a file of a zip was passed over that may have been the export.
  private var passedOver: LogProblem?

  /// The readers of documents, one of each.
  private struct Readers {
    var chatGPT = ChatGPTReader()
    var claude = ClaudeReader()
    var openWebUI = OpenWebUIReader()
    var libreChat = LibreChatReader()
    var shareGPT = ShareGPTReader()
    var gemini = GeminiReader()
    var requests = ChatRequestReader()
    var telemetry = OpenTelemetryReader()
  }

  /// So many documents of no known kind at the beginning are no export.
  private static let mostUnknown = 1000
  /// What is read of a file to see what it is.
  private static let glance = 4096

  init(options: LogOptions) throws(LogProblem) {
    self.options = options
    clock = LocalClock(options.zone)
    builder = LogBuilder(options: options, clock: clock)
    do throws(JSONParser.Refusal) { parser = try JSONParser() } catch {
      throw LogProblem(.noMemory)
    }
  }

  private func meter(
    _ source: LogSource, without missing: Set<LogCapability> = []
  ) -> ConversationMeter {
    ConversationMeter(
      capabilities: source.capabilities.subtracting(missing), clock: clock,
      gap: Double(options.gapMinutes) * 60,
      text: options.text)
  }

  /// The log of what was read.
  ///
  /// - Throws: `.unknownShape` where nothing was.
  mutating func finish() throws(LogProblem) -> InteractionLog {
    guard let source else { throw passedOver ?? LogProblem(.unknownShape(shape)) }
    finishRows(of: source)
    builder.skip(.missingShard, count: listed.subtracting(paths).count)
    return builder.pieces(of: source).log()
  }

  // MARK: - Files

  /// Reads one file: JSON, CSV, or a zip within the export's.
  ///
  /// - Parameter levels: how many zips may be within each other from here on.
  mutating func read(_ bytes: any ByteSource, levels: Int) throws(LogProblem) {
    let buffer = StreamBuffer(bytes)
    try buffer.fill(atMost: Self.glance)
    if buffer.bytes.starts(with: [0xEF, 0xBB, 0xBF]) { buffer.drop(3) }
    guard !buffer.bytes.isEmpty else { throw LogProblem(.empty) }
    if buffer.bytes.starts(with: InteractionLog.archiveMark) {
      return try readArchive(in: buffer, levels: levels)
    }
    while let byte = buffer.bytes.first, byte <= 0x20 { buffer.drop(1) }
    switch buffer.bytes.first {
    case UInt8(ascii: "["), UInt8(ascii: "{"):
      let isList = buffer.bytes.first == UInt8(ascii: "[")
      let stream = try ElementStream(buffer, limit: options.limits.conversationBytes)
      shape = isList ? .array : .object
      try readDocuments(stream)
    case .some:
      guard !isInArchive else { throw LogProblem(.unknownShape(.table)) }
      try readTable(RowStream(buffer, limit: options.limits.conversationBytes))
    case nil: throw LogProblem(.empty)
    }
  }

  private mutating func readArchive(
    in buffer: StreamBuffer, levels: Int
  ) throws(LogProblem) {
    let count = builder.count + rows.threads.count
    do throws(LogProblem) {
      guard levels > 0 else { throw LogProblem(.nestedTooDeep) }
      var packed = try buffer.all(atMost: options.limits.nestedArchiveBytes)
      defer { packed.withUnsafeMutableBytes { overwrite($0) } }
      let limits = options.limits.archive
      try readArchive(levels: levels - 1) { () throws(ArchiveProblem) in
        try ZipReader(packed, limits: limits)
      }
    } catch {
      // A zip that somebody gave to the assistant stands in the export as well.
      guard isInArchive, builder.count + rows.threads.count == count else { throw error }
      passedOver = passedOver ?? error
    }
  }

  private static func inArchive<Value>(
    _ body: () throws(ArchiveProblem) -> Value
  ) throws(LogProblem) -> Value {
    do throws(ArchiveProblem) { return try body() } catch { throw LogProblem(.archive(error)) }
  }

  /// Reads the files of a zip: those that are exports; others say nothing.
  ///
  /// - Parameter open: opens the zip at its beginning; it is gone through twice, for the names of its files
  ///   first.
  mutating func readArchive(
    levels: Int, _ open: () throws(ArchiveProblem) -> ZipReader
  ) throws(LogProblem) {
    isInArchive = true
    let home = try Self.inArchive { () throws(ArchiveProblem) in
      let archive = try open()
      var home = ExportHome()
      while let path = try archive.next() { home.note(path) }
      return home
    }
    let archive = try Self.inArchive(open)
    while let path = try Self.inArchive({ () throws(ArchiveProblem) in try archive.next() }) {
      let name = path.split(separator: "/").last.map(String.init) ?? path
      paths.insert(name)
      if name == "export_manifest.json" {
        let entry = EntryBytes(archive: archive)
        listed.formUnion(try ExportManifest.shards(in: entry, parser))
        continue
      }
      if home.passesOver(path) { builder.skip(.otherFile) }
      guard home.mayHold(path) else { continue }
      isExport = false
      do throws(LogProblem) {
        try read(EntryBytes(archive: archive), levels: levels)
      } catch {
        // Files that people gave to the assistant can be of any shape, or break off.
        switch error.kind {
        case .unknownShape, .empty: continue
        case .oversized: passedOver = passedOver ?? error
        case .truncated where !isExport: passedOver = passedOver ?? error
        default: throw error
        }
      }
    }
    shape = .archive
  }

  // MARK: - Documents

  private mutating func readDocuments(_ elements: ElementStream) throws(LogProblem) {
    var stream = elements
    var found: LogSource?
    var unknown: [SkipReason: Int] = [:]
    // Rows of other products may be all that a file has before the first of Gemini's.
    var others = 0
    while let element = try stream.next() {
      switch element {
      case .oversized: unknown[.oversized, default: 0] += 1
      case .document(let bytes):
        let document: JSONValue
        do throws(JSONParser.Refusal) { document = try parser.parse(bytes) } catch {
          guard error != .noMemory else { throw LogProblem(.noMemory) }
          unknown[Self.reason(error), default: 0] += 1
          continue
        }
        if found == nil { found = LogSource.source(of: document) }
        // Logs that programs write are no services' exports, but may be among the files of one.
        if isInArchive, found?.isService == false {
          builder.skip(.otherFile)
          throw LogProblem(.unknownShape(shape))
        }
        if found == nil, GeminiReader.isActivity(document) {
          others += 1
          continue
        }
        guard let found else {
          unknown[.unrecognised, default: 0] += 1
          guard unknown.values.reduce(0, +) <= Self.mostUnknown else {
            throw LogProblem(.unknownShape(shape))
          }
          continue
        }
        try note(found)
        read(document, of: found)
      }
    }
    guard let found else {
      throw LogProblem(unknown.keys.elementsEqual([.oversized]) ? .oversized : .unknownShape(shape))
    }
    builder.skip(.otherProduct, count: found == .gemini ? others : 0)
    for (reason, count) in unknown {
      let isWithoutTree = reason == .unrecognised && found == .chatGPT
      builder.skip(isWithoutTree ? .noMapping : reason, count: count)
    }
  }

  private mutating func note(_ found: LogSource) throws(LogProblem) {
    if let source, source != found { throw LogProblem(.severalSources(source, found)) }
    source = found
    isExport = true
  }

  private static func reason(_ refusal: JSONParser.Refusal) -> SkipReason {
    switch refusal {
    case .malformed, .noMemory: .malformed
    case .tooDeep: .tooDeep
    case .notUTF8: .notUTF8
    }
  }

  private mutating func read(_ document: JSONValue, of source: LogSource) {
    switch source {
    case .chatGPT: readers.chatGPT = readTree(document, readers.chatGPT, source)
    case .claude: readers.claude = readTree(document, readers.claude, source)
    case .openWebUI: readers.openWebUI = readTree(document, readers.openWebUI, source)
    case .libreChat: readers.libreChat = readTree(document, readers.libreChat, source)
    case .shareGPT: readers.shareGPT = readTree(document, readers.shareGPT, source)
    case .gemini: readActivity(document)
    case .wildChat: readRequest(readers.requests.wildChat(document), source)
    case .chatCompletions: readRequest(readers.requests.completion(document), source)
    case .openTelemetry: readCalls(document)
    case .copilot, .days: builder.skip(.unrecognised)
    }
  }

  /// Reads a document that is a conversation.
  ///
  /// - Returns: the reader with what it remembers.
  private mutating func readTree<Reader: ConversationReader>(
    _ document: JSONValue, _ reader: Reader, _ source: LogSource
  ) -> Reader {
    var reader = reader
    if treeMeter?.source != source { treeMeter = (source, meter(source)) }
    tree.clear()
    if let reason = reader.read(document, into: &tree) {
      builder.skip(reason)
    } else if let result = treeMeter?.meter.measure(tree, with: reader, as: builder.count) {
      builder.add(result)
    } else {
      builder.skip(.noMessages)
    }
    return reader
  }

  private mutating func readActivity(_ row: JSONValue) {
    guard GeminiReader.isGemini(row) else { return builder.skip(.otherProduct) }
    var texts: [UnsafeBufferPointer<UInt8>] = []
    guard let utterances = readers.gemini.utterances(of: row, &texts) else {
      return builder.skip(.noMessages)
    }
    let place = rows.place(of: readers.gemini.conversation(of: row) ?? [])
    let measures = meter(.gemini).measures(of: utterances, texts)
    rows.add(RowCollector.Row(utterances: utterances, measures: measures), to: place)
  }

  private mutating func readRequest(_ request: ChatRequestReader.Request?, _ source: LogSource) {
    guard let request else { return builder.skip(.unrecognised) }
    guard !request.utterances.isEmpty else { return builder.skip(.noMessages) }
    let hashes = request.utterances.map(\.contentHash)
    let place: Int
    let known: Int
    if let key = request.key {
      place = rows.place(of: key)
      known = history.known(of: hashes, in: place)
    } else {
      let addition = history.addition(of: hashes, goesOn: request.goesOn)
      place = addition.place ?? rows.newPlace()
      known = addition.known
    }
    var new: [Utterance] = []
    for utterance in request.utterances[known...] { new.add(utterance) }
    let measures = meter(source).measures(of: new, request.texts)
    rows.add(RowCollector.Row(utterances: new, measures: measures), to: place)
    rows.setStart(request.time, of: place)
    history.note(hashes, of: place, isNamed: request.key != nil)
  }

  private mutating func readCalls(_ document: JSONValue) {
    let calls = readers.telemetry.calls(of: document)
    for call in calls {
      let place = rows.place(of: call.key ?? [])
      var question = Utterance(.person, at: call.start)
      if call.end >= call.start { question.totals.replyLatency.add(call.end - call.start) }
      let answer = Utterance(.assistant, at: call.end, model: call.model)
      rows.add(RowCollector.Row(utterances: [question, answer]), to: place)
    }
    if calls.isEmpty { builder.skip(.unrecognised) }
  }

  // MARK: - Tables

  private mutating func readTable(_ rows: RowStream) throws(LogProblem) {
    var stream = rows
    var copilot: CopilotReader?
    var days: DaysReader?
    _ = try stream.next { header in
      copilot = CopilotReader(header: header)
      days = DaysReader(header: header)
    }
    if let copilot {
      try note(.copilot)
      try readMessages(&stream, copilot)
    } else if let days {
      try note(.days)
      try readDays(&stream, days)
    } else {
      throw LogProblem(.unknownShape(.other))
    }
  }

  private mutating func readMessages(
    _ stream: inout RowStream, _ reader: CopilotReader
  ) throws(LogProblem) {
    let meter = meter(.copilot)
    let place = rows.place(of: [])
    var skipped = 0
    var found: [RowCollector.Row] = []
    let clock = clock
    while try stream.next({ cells in
      guard let (utterance, text) = reader.utterance(of: cells, clock) else {
        if !cells.allSatisfy(\.isEmpty) { skipped += 1 }
        return
      }
      let measures = meter.measures(of: [utterance], [text])
      found.append(RowCollector.Row(utterances: [utterance], measures: measures))
    }) {}
    builder.skip(.unrecognised, count: skipped)
    for row in found { rows.add(row, to: place) }
  }

  private mutating func readDays(
    _ stream: inout RowStream, _ reader: DaysReader
  ) throws(LogProblem) {
    var found: [DayFeatures] = []
    var skipped = 0
    while try stream.next({ cells in
      guard !cells.allSatisfy(\.isEmpty) else { return }
      if let day = reader.day(of: cells) { found.append(day) } else { skipped += 1 }
    }) {}
    builder.skip(.unrecognised, count: skipped)
    for day in found {
      if builder.givenDays.updateValue(day, forKey: day.date) != nil { builder.skip(.duplicate) }
    }
  }

  /// Hands over what was collected row by row.
  private mutating func finishRows(of source: LogSource) {
    let meter = meter(source)
    rows.reverse { thread in
      switch source {
      case .copilot: true
      case .gemini:
        (thread.rows.first?.time ?? .nan) > (thread.rows.last?.time ?? .nan)
      default: false
      }
    }
    // From an answer to the next question says nothing where they may be of two conversations.
    let loose = self.meter(source, without: [.thinkTime])
    for thread in rows.threads {
      if thread.key?.isEmpty ?? false {
        for part in days(of: thread) {
          builder.addLoose(result(of: part, loose))
        }
      } else if !thread.rows.isEmpty {
        builder.add(result(of: thread, meter))
      }
    }
  }

  private func result(
    of thread: RowCollector.Thread, _ meter: ConversationMeter
  ) -> ConversationMeter.Result {
    var result = meter.result(
      of: thread.utterances, key: thread.key, start: thread.start, as: builder.count)
    result.features.measures = thread.measures
    return result
  }

  /// The rows of no conversation, by study day, so that what their words measure is the day's.
  private func days(of thread: RowCollector.Thread) -> [RowCollector.Thread] {
    var parts: [RowCollector.Thread] = []
    var last: Int?
    for row in thread.rows {
      let day = row.time.isNaN ? last : clock.place(row.time).day
      if parts.isEmpty || day != last { parts.append(RowCollector.Thread(key: [])) }
      last = day
      parts[parts.count - 1].rows.append(row)
    }
    return parts
  }
}

import Synchronization

/// An event as it happened, before it is sealed into its chain.
struct EventToSeal: Sendable {
  var row: Int64
  var chain: String
  var number: Int64
  var kind: String
  var happened: Int64
  /// The hash of the event before it, where the transaction begins with this one; else it is that of the
  /// event which was sealed last.
  var previous: String?
  /// Made where it is sealed: what it takes to say it need not keep whoever did it.
  var content: @Sendable () -> CanonicalJSON
}

/// Makes events links of their chains: the bytes of their contents, the keyed hashes of these, and the
/// hashes that each link takes over from the one before.
///
/// It is much of the work of writing an event and asks nothing of the database, so that whoever runs the
/// statements can do it too. Events of one chain are sealed in their order.
final class ChainSealer: Sendable {
  /// How the rows of an event are written.
  struct Statements: Sendable {
    let event: PreparedStatement
    let content: PreparedStatement
  }

  /// Adds a row to `events`.
  static let eventSQL = """
    INSERT INTO events (id, chain, number, kind, happened_at, bytes, hash)
    VALUES (?, ?, ?, ?, ?, ?, ?)
    """
  /// Adds a row to `event_contents`.
  static let contentSQL = "INSERT INTO event_contents (event, content, key) VALUES (?, ?, ?)"

  let statements: Statements
  private let secrets: Secrets
  /// The hash of the last event of each chain.
  private let ends = Mutex<[String: String]>([:])

  init(_ statements: Statements, secrets: Secrets) {
    self.statements = statements
    self.secrets = secrets
  }

  /// Seals an event.
  ///
  /// - Returns: the bytes of its link with their hash, and of its content with its key.
  func seal(
    _ event: EventToSeal
  ) -> (link: [UInt8], hash: String, content: [UInt8], key: [UInt8]) {
    let key = secrets.key(for: "event \(event.number) of chain \(event.chain)")
    let content = event.content().bytes
    let mac = EventLink.mac(of: content, key: key)
    return ends.withLock { ends in
      let link = EventLink(
        chain: event.chain, number: event.number, kind: event.kind, happened: event.happened,
        previous: event.previous ?? ends[event.chain] ?? EventLink.start, contentMAC: mac
      ).bytes
      let hash = EventLink.hash(of: link)
      ends[event.chain] = hash
      return (link, hash, content, key)
    }
  }
}

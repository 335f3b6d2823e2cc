import Foundation
import GRDB

/// Recomputes the chains of events of one snapshot and compares the stored rows with them.
///
/// It finds what somebody changed with an SQLite shell. It cannot find a database that was
/// replaced as a whole, chains and all: for that, the study's last hash has to be kept elsewhere.
struct ChainVerification {
  let snapshot: ResearchSnapshot
  /// Pseudonyms by chain.
  private let names: [String: String]

  init(_ snapshot: ResearchSnapshot) throws(StorageError) {
    self.snapshot = snapshot
    let people = try snapshot.list("SELECT uuid, pseudonym FROM participants") {
      ($0["uuid"] as String, $0["pseudonym"] as String)
    }
    names = Dictionary(people, uniquingKeysWith: { $1 })
  }

  func findings() throws(StorageError) -> [ChainFinding] {
    let schema = try schemaFindings()
    // Tables that are not ours cannot be read as ours; a planted trigger or view can be passed by.
    guard !schema.contains(where: { $0.subject?.hasPrefix("table ") ?? true }) else {
      return schema
    }
    return try schema + chainFindings() + headFindings() + unaccountedParticipants()
      + definitionFindings()
  }

  func finding(
    _ kind: ChainFinding.Kind, _ chain: String, _ number: Int64? = nil, _ subject: String? = nil
  ) -> ChainFinding {
    ChainFinding(
      kind: kind, chain: names[chain] ?? chain, number: number.map { Int($0) }, subject: subject)
  }

  // MARK: - Links

  private func chainFindings() throws(StorageError) -> [ChainFinding] {
    var result: [ChainFinding] = []
    var chain = ""
    var lastNumber: Int64 = 0
    var lastHash = EventLink.start
    var replay = ChainReplay()
    // Its rows are compared at the end, even when the chain itself is empty.
    var sawStudy = false
    _ = try snapshot.list(
      """
      SELECT e.id, e.chain, e.number, e.kind, e.happened_at, e.previous, e.content_mac, e.bytes, e.hash,
        c.content, c.key
      FROM events e LEFT JOIN event_contents c ON c.event = e.id
      ORDER BY e.chain, e.number
      """
    ) { row in
      let link = EventLink(
        chain: row["chain"], number: row["number"], kind: row["kind"],
        happened: row["happened_at"], previous: row["previous"], contentMAC: row["content_mac"])
      if link.chain != chain {
        if !chain.isEmpty { result += try rowFindings(of: chain, replay) }
        (chain, lastNumber, lastHash) = (link.chain, 0, EventLink.start)
        replay = ChainReplay()
        sawStudy = sawStudy || chain == EventChain.study.description
      }
      if link.number != lastNumber + 1 {
        result.append(finding(.gap, chain, lastNumber + 1))
      } else if link.previous != lastHash {
        result.append(finding(.brokenLink, chain, link.number))
      }
      let stored = Array(row["bytes"] as Data)
      let hash = EventLink.hash(of: stored)
      if stored != link.bytes || hash != row["hash"] as String {
        result.append(finding(.alteredEvent, chain, link.number))
      }
      if let content = row["content"] as Data?, let key = row["key"] as Data? {
        if EventLink.mac(of: Array(content), key: Array(key)) != link.contentMAC {
          result.append(finding(.alteredContent, chain, link.number))
        }
        if let read = CanonicalJSON.parse(Array(content)) {
          replay.apply(
            ChainReplay.Event(
              id: row["id"], number: link.number, kind: link.kind, happened: link.happened,
              content: read))
        }
      } else {
        result.append(finding(.contentMissing, chain, link.number))
      }
      (lastNumber, lastHash) = (link.number, row["hash"])
    }
    if !chain.isEmpty { result += try rowFindings(of: chain, replay) }
    if !sawStudy {
      result += try rowFindings(of: EventChain.study.description, ChainReplay())
    }
    return result
  }

  private func headFindings() throws(StorageError) -> [ChainFinding] {
    var result: [ChainFinding] = []
    for (chain, head) in try snapshot.recordedHeads().sorted(by: { $0.key < $1.key }) {
      let hash = try snapshot.first(
        "SELECT hash FROM events WHERE chain = ? AND number = ?", [chain, head.number]
      ) { $0[0] as String }
      if hash == nil {
        result.append(finding(.cutTail, chain, head.number))
      } else if hash != head.hash {
        result.append(finding(.forkedChain, chain, head.number))
      }
    }
    return result
  }
}

import Foundation
import GRDB

/// Recomputes the chains of events of one snapshot and compares the stored rows with them.
///
/// It finds what somebody changed with an SQLite shell. It cannot find a database that was
/// replaced as a whole, chains and all: for that, the study's last hash has to be kept elsewhere.
struct ChainVerification {
  let snapshot: ResearchSnapshot
  /// Pseudonyms by chain, and the chains whose content was erased.
  private let names: [String: String]
  private let erased: Set<String>

  init(_ snapshot: ResearchSnapshot) throws(StorageError) {
    self.snapshot = snapshot
    let people = try snapshot.list(
      "SELECT uuid, pseudonym, status FROM participants"
    ) { (chain: $0["uuid"] as String, name: $0["pseudonym"] as String, status: $0[2] as String) }
    names = Dictionary(people.map { ($0.chain, $0.name) }, uniquingKeysWith: { $1 })
    erased = Set(people.filter { $0.status == ParticipantStatus.erased.rawValue }.map(\.chain))
  }

  func findings() throws(StorageError) -> [ChainFinding] {
    try chainFindings() + headFindings() + rowFindings() + missingRowFindings()
  }

  /// Whether a finding is about somebody who was erased, whose rows are gone by right.
  func isErased(_ finding: ChainFinding) -> Bool {
    erased.contains { names[$0] == finding.chain }
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
    _ = try snapshot.list(
      """
      SELECT e.chain, e.number, e.kind, e.happened_at, e.previous, e.content_mac, e.bytes, e.hash,
        c.content, c.key
      FROM events e LEFT JOIN event_contents c ON c.event = e.id
      ORDER BY e.chain, e.number
      """
    ) { row in
      let link = EventLink(
        chain: row["chain"], number: row["number"], kind: row["kind"],
        happened: row["happened_at"], previous: row["previous"], contentMAC: row["content_mac"])
      if link.chain != chain {
        (chain, lastNumber, lastHash) = (link.chain, 0, EventLink.start)
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
      } else if !erased.contains(chain) {
        result.append(finding(.contentMissing, chain, link.number))
      }
      (lastNumber, lastHash) = (link.number, row["hash"])
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

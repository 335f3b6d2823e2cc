import Foundation
import GRDB

extension ChainVerification {
  /// Rows of one chain that are not what its events have written.
  func rowFindings(of chain: String, _ replay: ChainReplay) throws(StorageError) -> [ChainFinding] {
    let isStudy = chain == EventChain.study.description
    var result: [ChainFinding] = []
    var expected = replay.rows
    for table in isStudy ? ChainTable.ofStudy : ChainTable.ofParticipant {
      let rows = try snapshot.list(table.sql, isStudy ? [] : [chain]) { $0.fields }
      for fields in rows {
        let name = table.name(of: fields)
        guard let row = expected.removeValue(forKey: name) else {
          result.append(finding(.rowUnaccounted, chain, nil, name.description))
          continue
        }
        let differing = fields.keys.filter { fields[$0]?.text != row.fields[$0]?.text }.sorted()
        guard !differing.isEmpty else { continue }
        result.append(
          finding(
            .rowDiffers, chain, row.number,
            "\(name): \(differing.joined(separator: ", "))"))
      }
    }
    result += expected.map { finding(.rowMissing, chain, $1.number, $0.description) }
    return result.sorted { ($0.number ?? 0, $0.subject ?? "") < ($1.number ?? 0, $1.subject ?? "") }
  }

  /// Participants and people invited without a single event.
  func unaccountedParticipants() throws(StorageError) -> [ChainFinding] {
    try snapshot.list(
      """
      SELECT uuid FROM
        (SELECT uuid FROM participants UNION SELECT uuid FROM invitations
          UNION SELECT person FROM links)
      WHERE NOT EXISTS (SELECT 1 FROM events e WHERE e.chain = uuid) ORDER BY uuid
      """
    ) { finding(.rowUnaccounted, $0[0] as String, nil, ChainTable.participants.title) }
  }

  /// Definitions whose bytes are not those that were published.
  func definitionFindings() throws(StorageError) -> [ChainFinding] {
    try snapshot.list(
      "SELECT kind, name, hash, bytes FROM definitions ORDER BY kind, name, version"
    ) { row -> ChainFinding? in
      let hash = EventLink.hash(of: Array(row["bytes"] as Data))
      guard hash != row["hash"] as String else { return nil }
      return finding(
        .alteredDefinition, EventChain.study.description, nil,
        "\(row["kind"] as String) \(row["name"] as String)")
    }.compactMap(\.self)
  }
}

/// What verification found, and the hash to keep elsewhere.
///
/// Who can write the file can also cut events off the end of the study's chain, or replace the file
/// as a whole. Neither leaves a trace inside it: only a hash of an earlier end, kept by somebody
/// else, shows it.
package struct ChainReport: Hashable, Sendable {
  /// What is wrong; empty when all is well.
  package let findings: [ChainFinding]
  /// The ledger of erasures, in the order of asking.
  package let erasures: [ErasureRecord]
  /// The last event of the study's chain; `nil` before the first publication.
  package let head: EventRecord?
}

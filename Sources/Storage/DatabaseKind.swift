/// What a research database holds, for ever: answers of people, or of simulated people.
///
/// The kind is written when the file is created and never changes, so that rehearsal data cannot
/// be taken for findings, nor the other way round.
package enum DatabaseKind: String, Hashable, Sendable, CaseIterable {
  case real
  case simulated
}

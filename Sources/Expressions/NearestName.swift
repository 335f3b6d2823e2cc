/// The candidate that needs the fewest edits, if few enough to be what was meant.
///
/// Edits are insertions, deletions, substitutions and swaps of neighbours (optimal string alignment).
/// A third of the length, and at least one, is "few enough": more would suggest unrelated names.
func nearestName(to name: String, among candidates: some Sequence<String>) -> String? {
  let wanted = Array(name.lowercased().unicodeScalars.prefix(64))
  let limit = Swift.max(1, wanted.count / 3)
  var best: (name: String, distance: Int)?
  for candidate in candidates.sorted() {
    let other = Array(candidate.lowercased().unicodeScalars.prefix(64))
    guard abs(other.count - wanted.count) <= limit else { continue }
    let distance = editDistance(wanted, other)
    if distance <= limit, distance < best?.distance ?? .max { best = (candidate, distance) }
  }
  return best?.name
}

private func editDistance(_ from: [Unicode.Scalar], _ to: [Unicode.Scalar]) -> Int {
  var beforeLast: [Int] = []
  var last = Array(0...to.count)
  for i in from.indices {
    var row = [i + 1]
    for j in to.indices {
      var cost = Swift.min(
        last[j] + (from[i] == to[j] ? 0 : 1), Swift.min(last[j + 1], row[j]) + 1)
      if i > 0, j > 0, from[i] == to[j - 1], from[i - 1] == to[j] {
        cost = Swift.min(cost, beforeLast[j - 1] + 1)
      }
      row.append(cost)
    }
    beforeLast = last
    last = row
  }
  return last[to.count]
}

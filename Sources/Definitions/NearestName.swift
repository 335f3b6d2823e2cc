/// The candidate that is most likely meant by a misspelt name, or nil if none is near.
///
/// Near is a Damerau-Levenshtein distance (insertions, deletions, substitutions and swaps of
/// neighbours, each counting 1; the restricted form of Boytsov (2011), J. Exp. Algorithmics 16, 1.1,
/// section 2.1), ignoring case, of at most a third of the longer name's length rounded up, and never
/// more than 3: wide enough for `compentence_satisfaction`, too narrow for `mean` from `sum`. Names of
/// one or two letters are near only if swapped, or if one begins the other. Of several equally near ones the first is taken.
package func nearestName(to name: String, among candidates: some Sequence<String>) -> String? {
  let sought = Array(name.lowercased().unicodeScalars)
  var nearest: (name: String, distance: Int)?
  // A file has some hundred names; a hostile one as many as fit, for each of as many misspelt ones.
  for candidate in candidates.prefix(2000) {
    let letters = Array(candidate.lowercased().unicodeScalars)
    let longer = max(sought.count, letters.count)
    // Names are short; comparing longer ones would cost a hostile file's length squared.
    guard !sought.isEmpty, !letters.isEmpty, longer <= 80 else { continue }
    // A name of one or two letters is near to every other one: a swap, a change of case, or a letter
    // too many or too few at its end only.
    guard
      longer > 2 || sought.sorted() == letters.sorted() || sought.starts(with: letters)
        || letters.starts(with: sought)
    else { continue }
    let distance = editDistance(sought, letters)
    guard distance <= min(3, (longer + 2) / 3) else { continue }
    if distance < nearest?.distance ?? .max { nearest = (candidate, distance) }
  }
  return nearest?.name
}

/// The restricted Damerau-Levenshtein distance between two texts.
private func editDistance(_ left: [Unicode.Scalar], _ right: [Unicode.Scalar]) -> Int {
  var beforePrevious: [Int] = []
  var previous = Array(0...right.count)
  for i in 0..<left.count {
    var current = [i + 1]
    for j in 0..<right.count {
      var cost = min(
        previous[j] + (left[i] == right[j] ? 0 : 1), previous[j + 1] + 1, current[j] + 1)
      if i > 0, j > 0, left[i] == right[j - 1], left[i - 1] == right[j] {
        cost = min(cost, beforePrevious[j - 1] + 1)
      }
      current.append(cost)
    }
    beforePrevious = previous
    previous = current
  }
  return previous[right.count]
}

extension RandomLayout {
  /// The random effects of the terms on one grouping factor.
  func effects(ofFactor factor: Int) -> [Int] {
    terms.indices.filter { factors[$0] == factor }.flatMap { position in
      Array(terms[position].firstEffect..<(terms[position].firstEffect + terms[position].effects))
    }
  }

  /// The number of grouping factors.
  var factorCount: Int { (factors.max() ?? -1) + 1 }
}

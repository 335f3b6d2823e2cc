extension CrossedCriterion {
  /// What one θ leaves after all random effects are eliminated.
  struct Elimination {
    /// One component of the other factors.
    struct Reduced {
      /// The lower triangle of S by rows, its blocks on the diagonal whole.
      var gram: [Double]
      /// S_B.
      var cross: Matrix
      var bands: BlockBands
      /// The system swept: M_U⁻¹ is in it.
      var system: SymmetricSweep
      /// W_US_B.
      var solved: Matrix

      /// W_U.
      var weight: Matrix { bands.scaled(bands.scaled(system.inverse(cross.rows)).transposed) }
    }

    let criterion: CrossedCriterion
    let factor: Matrix
    /// W, E and EB of each group, by rows, one group after another.
    private(set) var weights: [Double]
    private(set) var shrinks: [Double]
    private(set) var shrunks: [Double]
    /// Empty without their inverses.
    private(set) var components: [Reduced] = []
    private(set) var logDeterminant: Double
    /// C̃.
    private(set) var reduced: Matrix

    private var effects: Int { criterion.products.effects }
    private var width: Int { criterion.products.width }

    /// - Parameter inverting: Whether more is wanted than C̃ and log|M|, at three times the cost.
    /// - Returns: `nil` for want of precision.
    init?(_ criterion: CrossedCriterion, factor: Matrix, inverting: Bool = true) {
      self.criterion = criterion
      self.factor = factor
      let own = criterion.part(factor, of: 0)
      let left = criterion.inner.eliminated(factor: own)
      (logDeterminant, reduced) = (left.logDeterminant, left.reduced)
      (weights, shrinks, shrunks) = criterion.inner.unpacked(factor: own)
      for number in criterion.crossings.components.indices {
        guard reduce(number, inverting: inverting) else { return nil }
      }
      reduced = reduced.symmetrised
    }

    /// W of one group.
    func weight(_ group: Int) -> Matrix {
      let size = effects * effects
      return Matrix(
        rows: effects, columns: effects,
        elements: Array(weights[(group * size)..<((group + 1) * size)]))
    }

    /// Eliminates a component.
    ///
    /// - Returns: Whether its matrix is positive definite.
    private mutating func reduce(_ number: Int, inverting: Bool) -> Bool {
      let component = criterion.crossings.components[number]
      let (gram, cross) = left(of: number)
      let size = component.gram.rows
      let bands = BlockBands(component, size: size) { criterion.part(factor, of: $0) }
      // With Λ′S_B below M, what a sweep leaves in the corner is −S_B′W_US_B.
      var system = SymmetricSweep(size: size + width)
      for row in 0..<size {
        let end = row + 1
        let entries = bands.product(
          row: row, of: gram, columns: size, count: min(size, end + bands.reach))
        system.setRow(row, to: bands.product(entries[...])[..<end])
        system[row, row] += 1
        let right = bands.product(row: row, of: cross, columns: width, count: width)
        for (column, value) in right.enumerated() { system[size + column, row] = value }
      }
      guard let own = system.sweep(pivots: size, inverting: inverting) else { return false }
      logDeterminant += own
      for row in 0..<width {
        for column in 0..<width {
          reduced[row, column] += system[size + max(row, column), size + min(row, column)]
        }
      }
      guard inverting else { return true }
      let solved = Matrix(rows: size, columns: width) { system[size + $1, $0] }
      components.append(
        Reduced(
          gram: gram, cross: Matrix(rows: size, columns: width, elements: cross), bands: bands,
          system: system, solved: bands.scaled(solved)))
      return true
    }

    /// The lower triangle of S, its blocks on the diagonal whole, and S_B.
    private func left(of number: Int) -> (gram: [Double], cross: [Double]) {
      let component = criterion.crossings.components[number]
      let table = criterion.tables[number]
      let size = component.gram.rows
      var gram = component.gram.elements
      var cross = component.cross.elements
      table.subtract(
        weighted: table.multiplied(by: weights, effects: effects),
        cross: criterion.products.cross, effects: effects, width: width, from: &gram, &cross)
      for block in component.blocks {
        for row in 0..<criterion.factorEffects[block.factor].count {
          for column in 0..<row {
            gram[(block.start + column) * size + block.start + row] =
              gram[(block.start + row) * size + block.start + column]
          }
        }
      }
      return (gram, cross)
    }
  }
}

extension OneFactorCriterion {
  /// W, E and EB of each group, by rows, one group after another.
  func unpacked(factor: Matrix) -> (weights: [Double], shrinks: [Double], shrunks: [Double]) {
    let (square, strip) = (effects * effects, effects * width)
    var weights = [Double](repeating: 0, count: groups * square)
    var shrinks = weights
    var shrunks = [Double](repeating: 0, count: groups * strip)
    forEachBlock(factor: factor) { workspace, block in
      for lane in 0..<min(Lanes.scalarCount, groups - block * Lanes.scalarCount) {
        let group = block * Lanes.scalarCount + lane
        for entry in 0..<square {
          weights[group * square + entry] = workspace.weight[entry][lane]
          shrinks[group * square + entry] = workspace.shrink[entry][lane]
        }
        for entry in 0..<strip {
          shrunks[group * strip + entry] = workspace.shrunk[entry][lane]
        }
      }
    }
    return (weights, shrinks, shrunks)
  }
}

extension CrossedCriterion {
  /// What one θ leaves after all random effects are eliminated.
  struct Elimination {
    /// One component of the other factors.
    struct Reduced {
      /// S.
      var gram: Matrix
      /// S_B.
      var cross: Matrix
      /// Λ.
      var factor: Matrix
      /// M_U⁻¹.
      var inverse: Matrix
      /// W_U.
      var weight: Matrix
      /// W_US_B.
      var solved: Matrix
    }

    let criterion: CrossedCriterion
    let factor: Matrix
    /// W, E and EB of each group, by rows, one group after another.
    private var weights: [Double]
    private var shrinks: [Double]
    private var shrunks: [Double]
    private(set) var components: [Reduced] = []
    private(set) var logDeterminant: Double
    /// C̃.
    private(set) var reduced: Matrix

    private var effects: Int { criterion.products.effects }
    private var width: Int { criterion.products.width }

    /// - Returns: `nil` for want of precision.
    init?(_ criterion: CrossedCriterion, factor: Matrix) {
      self.criterion = criterion
      self.factor = factor
      let own = criterion.part(factor, of: 0)
      let left = criterion.inner.eliminated(factor: own)
      (logDeterminant, reduced) = (left.logDeterminant, left.reduced)
      (weights, shrinks, shrunks) = criterion.inner.unpacked(factor: own)
      for component in criterion.crossings.components {
        guard let left = reduce(component) else { return nil }
        reduced += -1 * (left.cross.transposed * left.solved)
        components.append(left)
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

    private mutating func reduce(_ component: Crossings.Component) -> Reduced? {
      let size = component.gram.rows
      var gram = component.gram.elements
      var cross = component.cross.elements
      for link in component.links {
        let count = link.columns.count
        let weighted = weighted(link)
        let products = link.products.elements
        let start = link.group * effects * width
        for effect in 0..<effects {
          for (position, first) in link.columns.enumerated() {
            let left = weighted[effect * count + position]
            for (other, second) in link.columns.enumerated() {
              gram[first * size + second] -= left * products[effect * count + other]
            }
            for column in 0..<width {
              cross[first * width + column] -=
                left * criterion.products.cross[start + effect * width + column]
            }
          }
        }
      }
      let left = Matrix(rows: size, columns: size, elements: gram).symmetrised
      let right = Matrix(rows: size, columns: width, elements: cross)
      let factor = blockFactor(component)
      let pivot = factor.transposed * (left * factor) + .identity(size)
      guard let inverse = DenseCholesky(pivot.symmetrised) else { return nil }
      logDeterminant += inverse.logDeterminant
      let weight = factor * inverse.inverse * factor.transposed
      return Reduced(
        gram: left, cross: right, factor: factor, inverse: inverse.inverse, weight: weight,
        solved: weight * right)
    }

    /// WG by rows.
    private func weighted(_ link: Crossings.Link) -> [Double] {
      let count = link.columns.count
      let start = link.group * effects * effects
      var product = [Double](repeating: 0, count: effects * count)
      for row in 0..<effects {
        for inner in 0..<effects {
          let weight = weights[start + row * effects + inner]
          for column in 0..<count {
            product[row * count + column] += weight * link.products.elements[inner * count + column]
          }
        }
      }
      return product
    }

    /// Λ of a component.
    private func blockFactor(_ component: Crossings.Component) -> Matrix {
      var blocks = Matrix(rows: component.gram.rows, columns: component.gram.rows)
      for block in component.blocks {
        let own = criterion.part(factor, of: block.factor)
        for row in 0..<own.rows {
          for column in 0..<own.columns {
            blocks[block.start + row, block.start + column] = own[row, column]
          }
        }
      }
      return blocks
    }

    /// For each level of each factor: the factor, Z′V⁻¹[X y], and Z′V⁻¹ZT, the slope of log|M|.
    func forEachLevel(_ body: (Int, _ shrunk: Matrix, _ slope: Matrix) -> Void) {
      let own = criterion.part(factor, of: 0)
      for (component, left) in zip(criterion.crossings.components, components) {
        for link in component.links {
          let parts = groupParts(link, left)
          body(0, parts.shrunk, parts.precision * own)
        }
        let shrunk = left.cross - left.gram * left.solved
        let scaled = left.factor * left.inverse
        let columns = Array(0..<width)
        for block in component.blocks {
          let size = criterion.factorEffects[block.factor].count
          let range = Array(block.start..<(block.start + size))
          let all = Array(0..<left.gram.rows)
          body(
            block.factor, shrunk.part(rows: range, columns: columns),
            left.gram.part(rows: range, columns: all) * scaled.part(rows: all, columns: range))
        }
      }
    }

    /// Z′V⁻¹[X y] and Z′V⁻¹Z of one group: EB − KW_US_B and EA − KW_UK′, K = EG.
    private func groupParts(
      _ link: Crossings.Link, _ left: Reduced
    ) -> (shrunk: Matrix, precision: Matrix) {
      let count = link.columns.count
      let size = left.gram.rows
      let (square, strip) = (link.group * effects * effects, link.group * effects * width)
      let gramStart = link.group * criterion.products.gramSize
      var bridge = [Double](repeating: 0, count: effects * count)
      var shrunk = Array(shrunks[strip..<(strip + effects * width)])
      var precision = [Double](repeating: 0, count: effects * effects)
      for row in 0..<effects {
        for inner in 0..<effects {
          let shrink = shrinks[square + row * effects + inner]
          for column in 0..<count {
            bridge[row * count + column] += shrink * link.products.elements[inner * count + column]
          }
          for column in 0..<effects {
            precision[row * effects + column] +=
              shrink * criterion.products.gram[gramStart + packed(inner, column)]
          }
        }
      }
      for row in 0..<effects {
        for (position, first) in link.columns.enumerated() {
          let share = bridge[row * count + position]
          for column in 0..<width {
            shrunk[row * width + column] -= share * left.solved.elements[first * width + column]
          }
          var turned = 0.0
          for column in 0..<effects {
            turned = 0
            for (other, second) in link.columns.enumerated() {
              turned +=
                left.weight.elements[first * size + second] * bridge[column * count + other]
            }
            precision[row * effects + column] -= share * turned
          }
        }
      }
      return (
        Matrix(rows: effects, columns: width, elements: shrunk),
        Matrix(rows: effects, columns: effects, elements: precision)
      )
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

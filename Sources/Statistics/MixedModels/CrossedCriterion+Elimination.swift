extension CrossedCriterion {
  /// What one θ leaves after all random effects are eliminated.
  struct Elimination {
    /// One component of the other factors.
    struct Reduced {
      /// S.
      var gram: Matrix
      /// S_B.
      var cross: Matrix
      /// ΛM_U⁻¹.
      var scaled: Matrix
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
      for component in criterion.crossings.components {
        guard reduce(component, inverting: inverting) else { return nil }
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
    private mutating func reduce(_ component: Crossings.Component, inverting: Bool) -> Bool {
      let (gram, cross) = left(of: component)
      let size = component.gram.rows
      let bands = BlockBands(component, size: size) { criterion.part(factor, of: $0) }
      // With Λ′S_B below M, what a sweep leaves in the corner is −S_B′W_US_B.
      var system = SymmetricSweep(size: size + width)
      for row in 0..<size {
        let entries = bands.product(row: row, of: gram, columns: size)
        let last = row + 1
        system.setRow(row, to: bands.product(entries[..<min(size, last + bands.reach)])[..<last])
        system[row, row] += 1
        let right = bands.product(row: row, of: cross, columns: width)
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
      let scaled = bands.scaled(system.inverse(size))
      let solved = Matrix(rows: size, columns: width) { system[size + $1, $0] }
      components.append(
        Reduced(
          gram: Matrix(rows: size, columns: size, elements: mirrored(gram, size: size)),
          cross: Matrix(rows: size, columns: width, elements: cross), scaled: scaled,
          weight: bands.scaledColumns(scaled), solved: bands.scaled(solved)))
      return true
    }

    /// The lower triangle of S, its blocks on the diagonal whole, and S_B.
    private func left(of component: Crossings.Component) -> (gram: [Double], cross: [Double]) {
      let size = component.gram.rows
      var gram = component.gram.elements
      var cross = component.cross.elements
      // What the loops read stands in constants: reaching through structures would cost more.
      let own = criterion.products.cross
      let (effects, width) = (effects, width)
      for link in component.links {
        let columns = link.columns
        let count = columns.count
        let weighted = weighted(link)
        let products = link.products.elements
        let start = link.group * effects * width
        for effect in 0..<effects {
          let (line, strip) = (effect * count, start + effect * width)
          for position in 0..<count {
            let share = weighted[line + position]
            let target = columns[position] * size
            for other in 0...position {
              gram[target + columns[other]] -= share * products[line + other]
            }
            for column in 0..<width {
              cross[columns[position] * width + column] -= share * own[strip + column]
            }
          }
        }
      }
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

    /// WG by rows.
    private func weighted(_ link: Crossings.Link) -> [Double] {
      let count = link.columns.count
      let start = link.group * effects * effects
      let products = link.products.elements
      let effects = effects
      var product = [Double](repeating: 0, count: effects * count)
      for row in 0..<effects {
        for inner in 0..<effects {
          let weight = weights[start + row * effects + inner]
          for column in 0..<count {
            product[row * count + column] += weight * products[inner * count + column]
          }
        }
      }
      return product
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
        let columns = Array(0..<width)
        let gram = left.gram.elements
        let scaled = left.scaled.elements
        let total = left.gram.rows
        for block in component.blocks {
          let size = criterion.factorEffects[block.factor].count
          let range = Array(block.start..<(block.start + size))
          var slope = Matrix(rows: size, columns: size)
          for row in 0..<size {
            for column in 0..<size {
              var sum = 0.0
              let (line, place) = (range[row] * total, range[column])
              for inner in 0..<total { sum += gram[line + inner] * scaled[inner * total + place] }
              slope[row, column] = sum
            }
          }
          body(block.factor, shrunk.part(rows: range, columns: columns), slope)
        }
      }
    }

    /// Z′V⁻¹[X y] and Z′V⁻¹Z of one group: EB − KW_US_B and EA − KW_UK′, K = EG.
    private func groupParts(
      _ link: Crossings.Link, _ left: Reduced
    ) -> (shrunk: Matrix, precision: Matrix) {
      let (effects, width) = (effects, width)
      let columns = link.columns
      let count = columns.count
      let size = left.gram.rows
      let (square, strip) = (link.group * effects * effects, link.group * effects * width)
      let gramStart = link.group * criterion.products.gramSize
      let gram = criterion.products.gram
      let products = link.products.elements
      let weights = left.weight.elements
      let solved = left.solved.elements
      var bridge = [Double](repeating: 0, count: effects * count)
      var shrunk = Array(shrunks[strip..<(strip + effects * width)])
      var precision = [Double](repeating: 0, count: effects * effects)
      for row in 0..<effects {
        for inner in 0..<effects {
          let shrink = shrinks[square + row * effects + inner]
          for column in 0..<count {
            bridge[row * count + column] += shrink * products[inner * count + column]
          }
          for column in 0..<effects {
            precision[row * effects + column] += shrink * gram[gramStart + packed(inner, column)]
          }
        }
      }
      for row in 0..<effects {
        for position in 0..<count {
          let share = bridge[row * count + position]
          let first = columns[position]
          for column in 0..<width {
            shrunk[row * width + column] -= share * solved[first * width + column]
          }
          for column in 0..<effects {
            var turned = 0.0
            for other in 0..<count {
              turned += weights[first * size + columns[other]] * bridge[column * count + other]
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

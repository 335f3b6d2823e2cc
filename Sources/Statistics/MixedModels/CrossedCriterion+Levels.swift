extension CrossedCriterion.Elimination {
  /// For each level of each factor: the factor, Z′V⁻¹[X y], and Z′V⁻¹ZT, the slope of log|M|.
  func forEachLevel(_ body: (Int, _ shrunk: Matrix, _ slope: Matrix) -> Void) {
    for number in components.indices {
      forEachGroup(number) { body(0, $0, $1) }
      forEachOuterLevel(number, body)
    }
  }

  /// The levels of the other factors: S_B − SW_US_B, and the diagonal blocks of SΛM_U⁻¹.
  private func forEachOuterLevel(
    _ number: Int, _ body: (Int, _ shrunk: Matrix, _ slope: Matrix) -> Void
  ) {
    let left = components[number]
    let width = left.cross.columns
    let shrunk = left.cross - left.gramProduct(left.solved)
    let blocks = criterion.crossings.components[number].blocks
    let sizes = blocks.map { criterion.factorEffects[$0.factor].count }
    let slopes = left.slopes(blocks: zip(blocks, sizes).map { $0.start..<($0.start + $1) })
    for (position, block) in blocks.enumerated() {
      let rows = (block.start * width)..<((block.start + sizes[position]) * width)
      body(
        block.factor,
        Matrix(
          rows: sizes[position], columns: width, elements: Array(shrunk.elements[rows])),
        slopes[position])
    }
  }

  /// Z′V⁻¹[X y] and Z′V⁻¹ZT of each group: EB − KW_US_B and (EA − KW_UK′)T, K = EG.
  private func forEachGroup(
    _ number: Int, _ body: (_ shrunk: Matrix, _ slope: Matrix) -> Void
  ) {
    let table = criterion.tables[number]
    let left = components[number]
    let (effects, width) = (criterion.products.effects, criterion.products.width)
    let own = criterion.part(factor, of: 0)
    let bridges = table.multiplied(by: shrinks, effects: effects)
    let scaled = left.bands.product(bridges, of: table, effects: effects)
    let taken = table.quadratic(scaled, effects: effects) { left.system.sweptRow($0) }
    for (link, group) in table.groups.enumerated() {
      let (start, end) = (table.starts[link], table.starts[link + 1])
      let strip = group * effects * width
      var shrunk = Array(shrunks[strip..<(strip + effects * width)])
      for row in 0..<effects {
        for position in start..<end {
          let share = bridges[start * effects + row * (end - start) + position - start]
          let source = table.columns[position] * width
          for column in 0..<width {
            shrunk[row * width + column] -= share * left.solved.elements[source + column]
          }
        }
      }
      let square = group * effects * effects
      let gram = group * criterion.products.gramSize
      var precision = Matrix(rows: effects, columns: effects)
      for row in 0..<effects {
        for column in 0..<effects {
          // The swept system holds −M_U⁻¹.
          var sum = taken[(link * effects + row) * effects + column]
          for inner in 0..<effects {
            let entry = criterion.products.gram[gram + packed(inner, column)]
            sum += shrinks[square + row * effects + inner] * entry
          }
          precision[row, column] = sum
        }
      }
      body(Matrix(rows: effects, columns: width, elements: shrunk), precision * own)
    }
  }
}

extension CrossedCriterion.Elimination.Reduced {
  /// SX.
  func gramProduct(_ matrix: Matrix) -> Matrix {
    let size = matrix.rows
    var product = Matrix(rows: size, columns: matrix.columns)
    for column in 0..<matrix.columns {
      let values = (0..<size).map { matrix[$0, column] }
      var sums = [Double](repeating: 0, count: size)
      for row in 0..<size {
        let (line, own) = (row * size, values[row])
        var sum = gram[line + row] * own
        for other in 0..<row {
          sum += gram[line + other] * values[other]
          sums[other] += gram[line + other] * own
        }
        sums[row] += sum
      }
      for row in 0..<size { product[row, column] = sums[row] }
    }
    return product
  }

  /// The blocks on the diagonal of SΛM_U⁻¹, from the lower triangles of S and of M_U⁻¹.
  ///
  /// With N = M_U⁻¹, what row k gives to the blocks before its own is (Λ′S)_k·N_k, entry by entry; what
  /// they give to its own is SΛ times N_k.
  func slopes(blocks: [Range<Int>]) -> [Matrix] {
    let size = cross.rows
    let reach = bands.reach
    var bySteps = [[Double]](
      repeating: [Double](repeating: 0, count: size), count: 2 * reach + 1)
    var slopes: [Matrix] = []
    for block in blocks {
      let start = block.lowerBound
      let turned = block.map { row in
        bands.product(gram[(row * size)..<(row * size + block.upperBound)])
      }
      var own = Matrix(rows: block.count, columns: block.count)
      for row in block {
        let inverse = system.sweptRow(row)
        let first = inverse.startIndex
        let before = bands.product(row: row, of: gram, columns: size, count: start)
        for offset in -reach...reach {
          let (least, most) = (max(0, -offset), min(start, start - offset))
          for column in least..<max(least, most) {
            bySteps[offset + reach][column] -= before[column + offset] * inverse[first + column]
          }
        }
        for (position, line) in turned.enumerated() {
          var sum = 0.0
          for column in 0..<start { sum -= line[column] * inverse[first + column] }
          for column in block {
            sum += line[column] * system.inverseEntry(max(row, column), min(row, column))
          }
          own[position, row - start] = sum
        }
      }
      slopes.append(own)
    }
    for (number, block) in blocks.enumerated() {
      for row in block {
        for column in block {
          slopes[number][row - block.lowerBound, column - block.lowerBound] +=
            bySteps[row - column + reach][column]
        }
      }
    }
    return slopes
  }
}

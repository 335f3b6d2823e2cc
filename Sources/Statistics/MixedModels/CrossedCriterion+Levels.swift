extension CrossedCriterion.Elimination {
  /// One level of a factor.
  struct Level {
    var factor: Int
    var component: Int
    /// The first of its effects: within the component, or, of the eliminated factor, among those of
    /// all groups that the component links.
    var start: Int
    /// Z′V⁻¹[X y].
    var shrunk: Matrix
    /// Z′V⁻¹ZT, the slope of log|M|.
    var slope: Matrix
  }

  /// The levels of all factors.
  func levels() -> [Level] {
    components.indices.flatMap { groupLevels($0) + outerLevels($0) }
  }

  /// The levels of the other factors: S_B − SW_US_B, and the diagonal blocks of SΛM_U⁻¹.
  private func outerLevels(_ number: Int) -> [Level] {
    let left = components[number]
    let width = left.cross.columns
    let blocks = criterion.crossings.components[number].blocks
    let sizes = blocks.map { criterion.factorEffects[$0.factor].count }
    let slopes = left.slopes(blocks: zip(blocks, sizes).map { $0.start..<($0.start + $1) })
    let products = (0..<width).map { column in
      symmetricProduct((0..<left.cross.rows).map { left.solved[$0, column] }, row: left.gramRow)
    }
    return blocks.enumerated().map { position, block in
      Level(
        factor: block.factor, component: number, start: block.start,
        shrunk: Matrix(rows: sizes[position], columns: width) {
          left.cross[block.start + $0, $1] - products[$1][block.start + $0]
        }, slope: slopes[position])
    }
  }

  /// Z′V⁻¹[X y] and Z′V⁻¹ZT of each group: EB − KW_US_B and (EA − KW_UK′)T, K = EG.
  private func groupLevels(_ number: Int) -> [Level] {
    let table = criterion.tables[number]
    let left = components[number]
    let (effects, width) = (criterion.products.effects, criterion.products.width)
    let own = criterion.part(factor, of: 0)
    let bridges = table.multiplied(by: shrinks, effects: effects)
    let scaled = left.bands.product(bridges, of: table, effects: effects)
    let taken = table.quadratic(scaled, effects: effects) { left.system.sweptRow($0) }
    return table.groups.enumerated().map { link, group in
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
      return Level(
        factor: 0, component: number, start: link * effects,
        shrunk: Matrix(rows: effects, columns: width, elements: shrunk), slope: precision * own)
    }
  }
}

extension CrossedCriterion.Elimination.Reduced {
  /// A row of S up to the diagonal.
  func gramRow(_ row: Int) -> ArraySlice<Double> {
    gram[(row * cross.rows)...(row * cross.rows + row)]
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

/// A symmetric matrix times a vector.
///
/// - Parameter row: A row of the matrix up to the diagonal.
func symmetricProduct(_ values: [Double], row: (Int) -> ArraySlice<Double>) -> [Double] {
  var product = [Double](repeating: 0, count: values.count)
  for (number, own) in values.enumerated() {
    let entries = row(number)
    let first = entries.startIndex
    var sum = entries[first + number] * own
    for other in 0..<number {
      sum += entries[first + other] * values[other]
      product[other] += entries[first + other] * own
    }
    product[number] += sum
  }
  return product
}

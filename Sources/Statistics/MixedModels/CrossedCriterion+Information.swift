extension CrossedCriterion {
  /// The average information about θ (Gilmour, Thompson & Cullis 1995, *Average information REML*,
  /// Biometrics 51): the mean of the observed and the expected one, in which the traces cancel.
  ///
  /// With V_k the derivative of V by θ_k, q_k = y′PV_kPy and r² = y′Py, it is
  /// m/r² · (y′PV_jPV_kPy − q_jq_k/r²). V_kPy is Zg_k, g_k = (ė_rt_c′ + t_cė_r′)h for θ_k = T_rc and
  /// h = Z′Py level by level, so that it takes no more than solutions with what has been factored.
  func averageInformation(
    _ state: Elimination, levels: [Elimination.Level], at value: CriterionValue
  ) -> Matrix {
    let count = layout.entries.count
    let contrast = value.coefficients.map { -$0 } + [1]
    var directions = crossings.components.indices.map { component in
      Directions(
        inner: [[Double]](
          repeating: [Double](
            repeating: 0, count: tables[component].groups.count * products.effects), count: count),
        outer: [[Double]](
          repeating: [Double](repeating: 0, count: crossings.components[component].gram.rows),
          count: count))
    }
    var squares = [Double](repeating: 0, count: count)
    var fixedParts = [[Double]](
      repeating: [Double](repeating: 0, count: fixed), count: count)
    for level in levels {
      let effects = factorEffects[level.factor]
      let score = level.shrunk * contrast
      for (parameter, entry) in layout.entries.enumerated() {
        guard let row = effects.firstIndex(of: entry.row) else { continue }
        let column = effects.map { state.factor[$0, entry.column] }
        var direction = column.map { $0 * score[row] }
        direction[row] += dot(column, score)
        squares[parameter] += dot(direction, score)
        for (effect, share) in direction.enumerated() {
          directions[level.component].set(
            parameter, isInner: level.factor == 0, level.start + effect, to: share)
          for column in 0..<fixed {
            fixedParts[parameter][column] += share * level.shrunk[effect, column]
          }
        }
      }
    }
    var information = Matrix(rows: count, columns: count)
    for (component, own) in directions.enumerated() {
      information += products(of: own, component, state)
    }
    let solved = fixedParts.map(value.precision.solveLower)
    return Matrix(rows: count, columns: count) { row, column in
      let left = information[row, column] - dot(solved[row], solved[column])
      return divisor / value.penalisedSum
        * (left - squares[row] * squares[column] / value.penalisedSum)
    }.symmetrised
  }

  /// g_k of one component for every parameter.
  private struct Directions {
    /// For the groups that the component links.
    var inner: [[Double]]
    /// For the component's own effects.
    var outer: [[Double]]

    mutating func set(_ parameter: Int, isInner: Bool, _ place: Int, to value: Double) {
      if isInner { inner[parameter][place] = value } else { outer[parameter][place] = value }
    }
  }

  /// g_j′Z′V⁻¹Zg_k: the columns Zg_k eliminated as those of X are.
  private func products(of own: Directions, _ component: Int, _ state: Elimination) -> Matrix {
    let (effects, gramSize) = (products.effects, products.gramSize)
    let table = tables[component]
    let left = state.components[component]
    let gram = crossings.components[component].gram
    let eliminated = zip(own.inner, own.outer).map { inner, outer -> Eliminated in
      var found = Eliminated(
        cross: inner.map { _ in 0 }, weighted: inner.map { _ in 0 },
        outer: symmetricProduct(outer) { row in
          gram.elements[(row * gram.rows)...(row * gram.rows + row)]
        })
      var rest = found.outer
      for (link, group) in table.groups.enumerated() {
        let places = table.starts[link]..<table.starts[link + 1]
        func product(_ effect: Int, _ place: Int) -> Double {
          table.products[
            places.lowerBound * effects + effect * places.count + place - places.lowerBound]
        }
        let first = link * effects
        for effect in 0..<effects {
          for other in 0..<effects {
            found.cross[first + effect] +=
              products.gram[group * gramSize + packed(effect, other)] * inner[first + other]
          }
          for place in places {
            found.cross[first + effect] += product(effect, place) * outer[table.columns[place]]
          }
        }
        for effect in 0..<effects {
          for other in 0..<effects {
            found.weighted[first + effect] +=
              state.weights[(group * effects + effect) * effects + other]
              * found.cross[first + other]
          }
          for place in places {
            let column = table.columns[place]
            found.outer[column] += product(effect, place) * inner[first + effect]
            rest[column] +=
              product(effect, place) * (inner[first + effect] - found.weighted[first + effect])
          }
        }
      }
      found.rest = left.bands.product(rest[...])
      found.solved = symmetricProduct(found.rest, row: left.system.sweptRow)
      return found
    }
    return Matrix(rows: eliminated.count, columns: eliminated.count) { row, column in
      let (first, second) = (eliminated[row], eliminated[column])
      // The swept system holds −M_U⁻¹.
      return dot(own.inner[row], second.cross) + dot(own.outer[row], second.outer)
        - dot(first.cross, second.weighted) + dot(first.rest, second.solved)
    }
  }

  /// A column x = Zg on its way through the elimination.
  private struct Eliminated {
    /// Z′x of the groups, and W times it.
    var cross: [Double]
    var weighted: [Double]
    /// U′x.
    var outer: [Double]
    /// Λ′(U′x − ΣG′WZ′x).
    var rest: [Double] = []
    /// That times −M_U⁻¹.
    var solved: [Double] = []
  }
}

import Definitions
import Statistics
import Tables

/// A script for R that fits the models of a run again on the tables that it wrote, and compares.
///
/// Linear mixed models go to lme4, those with a residual structure to nlme. It holds names of columns and
/// of levels as quoted strings and backquoted names only, and reads nothing but the tables beside it.
struct CheckScript {
  let results: AnalysisResults

  /// The script; run in the folder of results: `Rscript check.R`.
  func text() -> String {
    let models = results.models.compactMap(Self.call)
    let skipped = results.models.filter { $0.fit != nil && Self.call($0) == nil }
      .map(\.model.id.value)
    return Self.head + factors() + Self.helpers
      + models.joined(separator: "\n")
      + skipped.map { "skipped(\(Self.quoted($0)))\n" }.joined() + Self.tail
  }

  private static let head = """
    # Fits the models of this analysis again with lme4 and nlme on the tables that Longwell wrote, and
    # compares: run it in this folder with `Rscript check.R`. It changes nothing.
    for (needed in c("lme4", "nlme")) {
      if (!requireNamespace(needed, quietly = TRUE)) {
        stop("install.packages(\\"", needed, "\\") is needed for this check")
      }
    }
    data <- read.csv("tables/analysis.csv", na.strings = "", stringsAsFactors = FALSE,
                     check.names = FALSE)
    theirs <- read.csv("tables/fixed-effects.csv", na.strings = "", check.names = FALSE)
    components <- read.csv("tables/variance-components.csv", na.strings = "", check.names = FALSE)
    for (name in names(data)) {
      # Truths are written as words and count as 0 and 1.
      if (all(data[[name]] %in% c("true", "false", NA)) && any(!is.na(data[[name]]))) {
        data[[name]] <- as.numeric(data[[name]] == "true")
      }
      # Other levels stand in the order of their code points, whatever the language.
      if (is.character(data[[name]])) {
        data[[name]] <- factor(data[[name]], levels = sort(unique(data[[name]]), method = "radix"))
      }
    }

    """

  /// Levels in the order of the study, so that references are the same.
  private func factors() -> String {
    let factors = ["arm": results.study.arms, "occasion": results.study.occasions.map(\.id)]
    let corrected = results.models.filter { $0.degreesOfFreedom == .kenwardRoger }
    return factors.sorted { $0.key < $1.key }.filter { !$0.value.isEmpty }.map { name, levels in
      let known = levels.map(Self.quoted).joined(separator: ", ")
      let column = "data[[\(Self.quoted(name))]]"
      return "\(column) <- factor(\(column), levels = c(\(known)))\n"
    }.joined()
      + "kenward_roger <- c(\(corrected.map { Self.quoted($0.model.id.value) }.joined(separator: ", ")))\n"
  }

  private static let helpers = """
    # A person's deviations from their own mean, and that mean less the mean of all persons'.
    within_person <- function(x, id) x - ave(x, id)
    between_person <- function(x, id) {
      means <- tapply(x, id, mean)
      unname(means[as.character(id)]) - mean(means)
    }
    worst <- 0
    report <- function(id, estimates, errors, sigma) {
      own <- theirs[theirs$model == id, ]
      names(estimates) <- gsub("within_person\\\\(", "within(", names(estimates))
      names(estimates) <- gsub("between_person\\\\(", "between(", names(estimates))
      if (!setequal(names(estimates), own$term)) {
        stop(id, ": the terms differ: ", paste(names(estimates), collapse = ", "))
      }
      place <- match(own$term, names(estimates))
      # In standard errors, which is what a difference means.
      moved <- abs(estimates[place] - own$estimate) / own$standard_error
      scaled <- abs(errors[place] / own$standard_error - 1)
      residual <- components$value[components$model == id & components$group == "residual"]
      spread <- abs(sigma / residual[1] - 1)
      # Kenward and Roger's standard errors are corrected, R's here are not.
      corrected <- id %in% kenward_roger
      found <- max(moved, if (corrected) 0 else scaled, spread)
      worst <<- max(worst, found)
      cat(sprintf("%-24s estimates %.1e  standard errors %s  residual %.1e\\n", id, max(moved),
                  if (corrected) "corrected" else sprintf("%.1e", max(scaled)), spread))
    }
    skipped <- function(id) cat(sprintf("%-24s has no counterpart in lme4 or nlme\\n", id))
    complete <- function(columns) data[complete.cases(data[, columns, drop = FALSE]), ]
    mixed <- function(id, formula, columns, reml) {
      fit <- lme4::lmer(formula, complete(columns), REML = reml,
                        control = lme4::lmerControl(optimizer = "bobyqa",
                          optCtrl = list(rhoend = 1e-9, maxfun = 1e5), calc.derivs = FALSE))
      report(id, lme4::fixef(fit), sqrt(diag(as.matrix(vcov(fit)))), sigma(fit))
    }
    structured <- function(id, columns, fit) {
      rows <- complete(columns)
      found <- fit(rows)
      estimates <- if (inherits(found, "gls")) coef(found) else nlme::fixef(found)
      errors <- sqrt(diag(vcov(found)))
      # gls takes the rows less the effects for errors under ML; nobody else does.
      if (inherits(found, "gls") && found$method == "ML") {
        errors <- errors * sqrt((found$dims$N - found$dims$p) / found$dims$N)
      }
      report(id, estimates, errors, sigma(found))
    }

    """

  private static let tail = """

    cat(sprintf("largest difference %.1e\\n", worst))
    if (worst > 1e-3) stop("Longwell and R differ by more than a thousandth of a standard error")

    """

  // MARK: Models

  /// The call that fits a model again; nil for one that R has no counterpart for, or that has no fit.
  private static func call(_ result: ModelResult) -> String? {
    guard result.fit != nil, result.fit?.setAside.isEmpty == true else { return nil }
    let model = result.model
    let formula = named(model.formula.source)
    let columns = model.formula.variableNames.union(
      (model.residuals?.columns ?? []).flatMap { $0.value.split(separator: ":").map(String.init) })
    let list = "c(\(columns.sorted().map(quoted).joined(separator: ", ")))"
    let id = quoted(model.id.value)
    guard let residuals = model.residuals else {
      let isRestricted = model.method == .restricted ? "TRUE" : "FALSE"
      return "mixed(\(id), \(formula), \(list), \(isRestricted))\n"
    }
    guard let fit = structured(model, residuals: residuals.structure.description) else {
      return nil
    }
    return "structured(\(id), \(list), function(rows) \(fit))\n"
  }

  /// A call of nlme for a residual structure that it has, with random terms of one factor or none.
  private static func structured(_ model: PlanModel, residuals: String) -> String? {
    var correlation: String?
    var block: String?
    for part in residuals.split(separator: ",") {
      let pieces = part.split(separator: ":", maxSplits: 1).map(String.init)
      switch (pieces[0], pieces.count > 1 ? pieces[1] : nil) {
      case ("ar1", let time?): correlation = "corAR1(form = ~ \(time) | BLOCK)"
      case ("car1", let time?): correlation = "corCAR1(form = ~ \(time) | BLOCK)"
      case ("cs", nil): correlation = "corCompSymm(form = ~ 1 | BLOCK)"
      case ("within", let name?): block = name.replacing(":", with: "/")
      default: return nil
      }
    }
    let (fixed, random) = split(named(model.formula.source))
    guard random.count <= 1, let group = random.first?.group ?? block else { return nil }
    let blocks =
      random.isEmpty ? group : ([group] + (block.map { [$0] } ?? [])).joined(separator: "/")
    var arguments = ["\(fixed)", "data = rows"]
    if let random = random.first {
      arguments.append("random = ~ \(random.effects) | \(random.group)")
      arguments.append(
        "control = nlme::lmeControl(opt = \"optim\", msMaxIter = 500, maxIter = 500)")
    }
    if let correlation {
      arguments.append("correlation = nlme::" + correlation.replacing("BLOCK", with: blocks))
    }
    arguments.append("method = \(quoted(model.method.rawValue))")
    return "nlme::\(random.isEmpty ? "gls" : "lme")(\(arguments.joined(separator: ", ")))"
  }

  /// A formula without its random terms, and these.
  private static func split(
    _ formula: String
  ) -> (fixed: String, random: [(effects: String, group: String)]) {
    var fixed = formula
    var random: [(effects: String, group: String)] = []
    for match in formula.matches(of: #/\+?\s*\(([^|()]*(?:\([^()]*\)[^|()]*)*)\|([^|()]*)\)/#) {
      fixed = fixed.replacing(String(match.0), with: "")
      func trimmed(_ text: Substring) -> String {
        text.split(separator: " ").joined(separator: " ")
      }
      random.append((trimmed(match.1), trimmed(match.2)))
    }
    return (fixed, random)
  }

  /// The formula with the names that the script gives to functions of persons.
  private static func named(_ formula: String) -> String {
    formula.replacing("within(", with: "within_person(").replacing(
      "between(", with: "between_person(")
  }

  private static func quoted(_ text: String) -> String { RLoader.literal(text) }
}

import Statistics

/// Degrees of freedom, profile intervals and the bootstrap of `y ~ time * arm + (time | id)`.
enum InferenceBenchmark {
  private static let formula = FitBenchmark.formula

  static func run() throws {
    print("Tests and intervals, \(formula) (GrowthData: xoshiro256**, seed 1)")
    try satterthwaite()
    try kenwardRoger()
    try intervals()
  }

  private static func model(_ growth: GrowthData) throws -> LinearMixedModel {
    try LinearMixedModel(ModelFormula.parse(formula), data: growth.modelData())
  }

  private static func fit(
    _ growth: GrowthData, _ degreesOfFreedom: DegreesOfFreedom, runs: Int
  ) throws -> Measurement {
    let data = try growth.modelData()
    let parsed = try ModelFormula.parse(formula)
    return try Measurement.of(
      {
        _ = try LinearMixedModel(parsed, data: data)
          .fit(.reml, degreesOfFreedom: degreesOfFreedom)
      }, runs: runs)
  }

  private static func satterthwaite() throws {
    let growth = GrowthData(people: 10_000, occasions: 30, seed: 1)
    let ours = try fit(growth, .satterthwaite, runs: 15)
    Comparison.ours("fit and Satterthwaite, 10000 × 30", ours)
    try Comparison.withFile(growth.csv()) { file in
      Comparison.peer(
        "lmerTest",
        try Peer.r(
          "library(lmerTest); d <- read.csv('\(file)'); d$id <- factor(d$id)",
          timed: "summary(lmer(\(formula), d))", packages: ["lmerTest"], runs: 1),
        ours: ours, target: 200)
    }
  }

  private static func kenwardRoger() throws {
    let growth = GrowthData(people: 1000, occasions: 30, seed: 1)
    let ours = try fit(growth, .kenwardRoger, runs: 15)
    Comparison.ours("fit and Kenward-Roger, 1000 × 30", ours)
    try Comparison.withFile(growth.csv()) { file in
      Comparison.peer(
        "pbkrtest (by lmerTest)",
        try Peer.r(
          "library(lmerTest); d <- read.csv('\(file)'); d$id <- factor(d$id)",
          timed: "summary(lmer(\(formula), d), ddf = 'Kenward-Roger')",
          packages: ["lmerTest", "pbkrtest"], runs: 1), ours: ours, target: 500)
    }
    let large = try fit(
      GrowthData(people: 100_000, occasions: 30, seed: 1), .kenwardRoger, runs: 3)
    Comparison.ours("fit and Kenward-Roger, 100000 × 30 (target: under a second)", large)
  }

  private static func intervals() throws {
    let growth = GrowthData(people: 1000, occasions: 30, seed: 1)
    let fit = try model(growth).fit(.ml, degreesOfFreedom: .none)
    let profile = try Measurement.of({ _ = try fit.profileIntervals() }, runs: 5)
    Comparison.ours("profile intervals of all parameters, 1000 × 30", profile)
    try Comparison.withFile(growth.csv()) { file in
      let read = "library(lme4); d <- read.csv('\(file)'); d$id <- factor(d$id); "
      if Comparison.isLong {
        Comparison.peer(
          "lme4 confint",
          try Peer.r(
            read + "m <- lmer(\(formula), d, REML = FALSE)",
            timed: "confint(m, method = 'profile')",
            packages: ["lme4"], runs: 1), ours: profile, target: 300)
      } else {
        print("    lme4 confint: half a minute, with --long only")
      }
      let restricted = try model(growth).fit(.reml, degreesOfFreedom: .none)
      let bootstrap = try Measurement.of(
        { _ = try restricted.parametricBootstrap(replicates: 1000, seed: 1) }, runs: 3)
      Comparison.ours("parametric bootstrap, 1000 replicates, 1000 × 30", bootstrap)
      Comparison.peer(
        "lme4 bootMer, 20 replicates, scaled",
        try Peer.r(
          read + "m <- lmer(\(formula), d); set.seed(1)", timed: "bootMer(m, fixef, nsim = 20)",
          packages: ["lme4"], runs: 1), ours: bootstrap, share: 0.02, target: 300)
    }
  }
}

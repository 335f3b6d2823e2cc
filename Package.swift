// swift-tools-version: 6.2

import PackageDescription

// Longwell is one package of small rooms. A room may import the rooms listed above it, and only those
// that it names here. `LONGWELL_ROOMS=Statistics,Tables` in the environment keeps those rooms, what
// they stand on, and their tests, and drops the rest: a faster inner loop.

// MARK: - Settings

let swiftSettings: [SwiftSetting] = [
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .treatAllWarnings(as: .error),
]

// MARK: - Third parties, each with its importing rooms (swift-crypto goes anywhere)

let argumentParser = Target.Dependency.product(
  name: "ArgumentParser", package: "swift-argument-parser")
let crypto = Target.Dependency.product(name: "Crypto", package: "swift-crypto")
let cryptoExtras = Target.Dependency.product(name: "CryptoExtras", package: "swift-crypto")
let grdb = Target.Dependency.product(name: "GRDB", package: "GRDB.swift")
let grdbSQLite = Target.Dependency.product(name: "GRDBSQLite", package: "GRDB.swift")
let hummingbird = Target.Dependency.product(name: "Hummingbird", package: "hummingbird")
let hummingbirdTLS = Target.Dependency.product(name: "HummingbirdTLS", package: "hummingbird")
let mustache = Target.Dependency.product(name: "Mustache", package: "swift-mustache")
let numerics = Target.Dependency.product(name: "RealModule", package: "swift-numerics")
let subprocess = Target.Dependency.product(name: "Subprocess", package: "swift-subprocess")
let system = Target.Dependency.product(name: "SystemPackage", package: "swift-system")
let yams = Target.Dependency.product(name: "Yams", package: "Yams")

// MARK: - The rooms asked for

let asked = Context.environment["LONGWELL_ROOMS"].map {
  $0.split(separator: ",").map(String.init)
}
/// Whether the web is among them: it stands on more third parties than all else, so the command leaves
/// `serve` out where rooms are asked for and this one is not.
let isServed = asked?.contains("Web") ?? true

// MARK: - Rooms

struct Room {
  var name: String
  var rooms: [String] = []
  var thirdParties: [Target.Dependency] = []
  var kind = Kind.swift
  var settings: [SwiftSetting] = []
  /// Whether the room's tests have a folder `Fixtures`, which they read from where it stands.
  var hasFixtures = false
  /// Folders of the room that are not compiled: files to embed, or what is left out.
  var excluded: [String] = []

  enum Kind {
    case swift, c, executable
    case cPlusPlus(library: String)
    case systemLibrary(pkgConfig: String?, debian: String)
  }
}

let house: [Room] = [
  // MARK: System libraries and embedded files
  Room(name: "CGSL", kind: .systemLibrary(pkgConfig: "gsl", debian: "libgsl-dev")),
  Room(
    name: "CArchive", kind: .systemLibrary(pkgConfig: "libarchive", debian: "libarchive-dev")),
  Room(
    name: "CQREncode", kind: .systemLibrary(pkgConfig: "libqrencode", debian: "libqrencode-dev")),
  Room(
    name: "CCurl", kind: .systemLibrary(pkgConfig: "libcurl", debian: "libcurl4-openssl-dev")),
  Room(name: "CReadStat", kind: .systemLibrary(pkgConfig: nil, debian: "libreadstat-dev")),
  Room(name: "CSimdJSON", kind: .cPlusPlus(library: "simdjson")),
  Room(name: "CLanguage", kind: .cPlusPlus(library: "cld2")),
  Room(name: "CEmbedded", kind: .c, excluded: ["Pages", "Texts", "Words"]),
  Room(name: "CVectors", kind: .c),

  // MARK: Definitions, numbers, time
  Room(name: "Definitions", thirdParties: [yams]),
  Room(name: "Delimited"),
  Room(name: "Archives", rooms: ["CArchive"], hasFixtures: true),
  Room(name: "LocalTime"),
  Room(name: "Expressions"),
  Room(
    name: "Statistics", rooms: ["CGSL", "CVectors"], thirdParties: [numerics],
    settings: [.strictMemorySafety()], hasFixtures: true),

  // MARK: What a study is
  Room(
    name: "Instruments", rooms: ["CEmbedded", "Definitions", "Expressions"],
    thirdParties: [crypto]),
  Room(
    name: "Interchange",
    rooms: ["Archives", "Definitions", "Delimited", "Expressions", "Instruments"],
    hasFixtures: true),
  Room(
    name: "Studies", rooms: ["Definitions", "Expressions", "Instruments", "LocalTime"],
    thirdParties: [crypto], hasFixtures: true),

  Room(
    name: "InteractionLogs",
    rooms: ["Archives", "CEmbedded", "CLanguage", "CSimdJSON", "Delimited", "LocalTime"],
    thirdParties: [crypto], hasFixtures: true),

  // MARK: What has happened in it
  Room(
    name: "Tables", rooms: ["CReadStat", "Delimited", "LocalTime"], hasFixtures: true),
  Room(name: "Storage", rooms: ["LocalTime"], thirdParties: [crypto, grdb, grdbSQLite]),
  Room(name: "Identities", thirdParties: [crypto, grdb]),
  Room(
    name: "Messages", rooms: ["CCurl", "Definitions", "LocalTime"], thirdParties: [crypto],
    hasFixtures: true),
  Room(
    name: "Collection",
    rooms: [
      "Archives", "Definitions", "Delimited", "Expressions", "Identities", "Instruments",
      "InteractionLogs", "LocalTime", "Messages", "Storage", "Studies",
    ],
    thirdParties: [crypto, cryptoExtras], hasFixtures: true),

  // MARK: What it says
  Room(name: "Figures", rooms: ["CQREncode"], thirdParties: [subprocess, system]),
  Room(
    name: "Analysis",
    rooms: [
      "CEmbedded", "Definitions", "Delimited", "Expressions", "Figures", "Instruments",
      "InteractionLogs", "LocalTime", "Statistics", "Storage", "Studies", "Tables",
    ],
    thirdParties: [crypto]),
  Room(
    name: "Rehearsal",
    rooms: [
      "Analysis", "Collection", "Definitions", "Expressions", "Instruments", "LocalTime", "Storage",
      "Studies",
    ]),

  // MARK: The doors
  Room(
    name: "Web",
    rooms: [
      "Collection", "Definitions", "Instruments", "InteractionLogs", "LocalTime", "Storage",
      "Studies",
    ],
    thirdParties: [crypto, hummingbird, hummingbirdTLS, mustache], hasFixtures: true),
  Room(
    name: "longwell",
    rooms: [
      "Analysis", "CEmbedded", "Collection", "Definitions", "Delimited", "Expressions", "Figures",
      "Identities", "Instruments", "InteractionLogs", "Interchange", "LocalTime", "Messages",
      "Rehearsal", "Statistics", "Storage", "Studies", "Tables",
    ] + (isServed ? ["Web"] : []),
    thirdParties: [argumentParser], kind: .executable,
    settings: isServed ? [.define("SERVED")] : [], excluded: isServed ? [] : ["Serving"]),
]

// MARK: - Measurements, behind a switch: LONGWELL_BENCHMARKS=1

let benchmarks = Room(
  name: "Benchmarks",
  rooms: [
    "Analysis", "Collection", "Delimited", "Definitions", "Identities", "Instruments",
    "InteractionLogs", "Interchange", "LocalTime", "Messages", "Rehearsal", "Statistics", "Storage",
    "Studies",
    "Tables",
  ],
  kind: .executable)

let rooms = house + (Context.environment["LONGWELL_BENCHMARKS"] == nil ? [] : [benchmarks])

// MARK: - What the rooms asked for stand on

func closure(of names: [String]) -> Set<String> {
  var kept: Set<String> = []
  var waiting = names
  while let name = waiting.popLast() {
    guard kept.insert(name).inserted else { continue }
    waiting += rooms.first { $0.name == name }.map(\.rooms) ?? []
  }
  return kept
}

let kept = closure(of: asked ?? rooms.map(\.name))
let tested = Set(asked ?? rooms.map(\.name))

// MARK: - Package

let package = Package(
  name: "longwell",
  products: kept.contains("Statistics")
    ? [.library(name: "Statistics", targets: ["Statistics"])] : [],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
    .package(url: "https://github.com/apple/swift-numerics", from: "1.1.1"),
    .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
    .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
    .package(url: "https://github.com/swiftlang/swift-subprocess", from: "1.0.2"),
    .package(url: "https://github.com/apple/swift-system", from: "1.8.1"),
  ],
  targets: [],
  swiftLanguageModes: [.v6],
  cxxLanguageStandard: .cxx17
)

if isServed {
  package.dependencies += [
    .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1"),
    .package(url: "https://github.com/hummingbird-project/swift-mustache", from: "2.1.1"),
  ]
}

for room in rooms where kept.contains(room.name) {
  let dependencies = room.rooms.map { Target.Dependency.target(name: $0) } + room.thirdParties
  switch room.kind {
  case .systemLibrary(let pkgConfig, let debian):
    package.targets.append(
      .systemLibrary(name: room.name, pkgConfig: pkgConfig, providers: [.apt([debian])]))
    continue
  case .c:
    package.targets.append(.target(name: room.name, exclude: room.excluded))
    continue
  case .cPlusPlus(let library):
    package.targets.append(
      .target(name: room.name, linkerSettings: [.linkedLibrary(library)]))
    continue
  case .swift:
    package.targets.append(
      .target(
        name: room.name, dependencies: dependencies, exclude: room.excluded,
        swiftSettings: swiftSettings + room.settings))
  case .executable:
    package.products.append(.executable(name: room.name, targets: [room.name]))
    package.targets.append(
      .executableTarget(
        name: room.name, dependencies: dependencies, exclude: room.excluded,
        swiftSettings: swiftSettings + room.settings))
  }
  if tested.contains(room.name), room.name != "Benchmarks" {
    package.targets.append(
      .testTarget(
        name: "\(room.name)Tests",
        dependencies: [.target(name: room.name)] + dependencies,
        exclude: room.hasFixtures ? ["Fixtures"] : [],
        swiftSettings: swiftSettings))
  }
}

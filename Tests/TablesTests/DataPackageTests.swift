import Foundation
import Testing

@testable import Tables

@Suite("A folder of tables for other programs")
struct DataPackageTests {
  /// The hard table as CSV, with its descriptions, in a folder of its own.
  private func withFolder(_ body: (URL) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory
      .appending(path: "longwell-package-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: folder) }
    let tables = [try HardTable.table()]
    let package = DataPackage(
      name: "sample", title: "Größer", version: "1.0.0", description: "A test", tables: tables)
    let files = PrivateFolder(folder)
    for table in tables { try files.write(table.csv(), to: "\(table.name).csv") }
    try files.write(package.frictionless().utf8, to: "datapackage.json")
    try files.write(package.psychDS().utf8, to: "dataset_description.json")
    try files.write(RLoader(tables: tables).script().utf8, to: "load.R")
    try body(folder)
  }

  @Test("frictionless finds nothing wrong", .enabled(if: Reader.mustRead || Reader.hasFrictionless))
  func frictionless() throws {
    try withFolder { folder in
      let path = folder.appending(path: "datapackage.json").path
      let data = try #require(try Reader.python("validate.py", path))
      #expect(String(decoding: data, as: UTF8.self) == "tables 1\n")
    }
  }

  @Test(
    "R reads the tables with types, levels and labels", .enabled(if: Reader.mustRead || Reader.hasR)
  )
  func loader() throws {
    try withFolder { folder in
      let path = folder.appending(path: "load.R").path
      let data = try #require(try Reader.r("load.R", path))
      #expect(
        String(decoding: data, as: UTF8.self) == """
          4 15\u{20}
          submitted missed\u{20}
          Ich fühle mich frei — «meistens»\u{20}
          1=gar nicht 5=völlig\u{20}
          2026-03-29T00:59:59.12 Date logical\u{20}
          expired "quoted", and; more\u{20}

          """)
    }
  }

  @Test("the description names each variable once, with the fields that Psych-DS requires")
  func psychDS() throws {
    let table = try HardTable.table()
    let package = DataPackage(
      name: "sample", title: "t", version: "1", description: "d", tables: [table, table])
    let object = try JSONSerialization.jsonObject(with: Data(package.psychDS().utf8))
    let fields = try #require(object as? [String: Any])
    #expect(fields["@type"] as? String == "Dataset" && fields["name"] as? String == "t")
    #expect(fields["description"] as? String == "d")
    #expect((fields["variableMeasured"] as? [Any])?.count == table.columns.count)
  }
}

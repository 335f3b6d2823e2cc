import Foundation
import Testing

@testable import Figures

@Suite("A map of occasions")
struct OccasionMapTests {
  private let map = OccasionMap(
    name: "compliance", description: "Who answered what", occasions: ["a", "b", "c", "d"],
    panels: [
      .init(
        title: "usual",
        rows: [
          [.submitted, .submitted, .missed, .submitted], [.partial, nil, nil, nil],
        ]), .init(title: "it's `other`", rows: []),
    ])

  @Test("neighbours of one state are one box, and each state has a block in each panel")
  func blocks() {
    let blocks = map.drawing().data.components(separatedBy: "\n\n\n")
    #expect(blocks.count == 6)
    // x, y, left, right, lower, upper; the second box stands alone.
    #expect(
      blocks[0].split(separator: "\n") == [
        "1.5\t1.0\t0.5\t2.5\t0.5\t1.5", "4.0\t1.0\t3.5\t4.5\t0.5\t1.5",
      ])
    #expect(blocks[1] == "1.0\t2.0\t0.5\t1.5\t1.75\t2.25")
    #expect(blocks[2].hasPrefix("3.0\t1.0\t2.5\t3.5\t0.9"))
    #expect(blocks[3].hasPrefix("NaN"))
  }

  @Test("it is drawn, wide and narrow, without a title that could be a command")
  func drawn() async throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "map-\(UUID())")
    defer { try? FileManager.default.removeItem(at: folder) }
    for figure in [map, map.narrow] {
      #expect(!figure.drawing().script.contains("it's"))
      let image = try await FigureDrawer().draw(figure.drawing(), into: folder)
      #expect(image.element.contains("<svg"))
    }
  }
}

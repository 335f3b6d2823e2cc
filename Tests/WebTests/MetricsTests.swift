import Collection
import Foundation
import HTTPTypes
import Metrics
import Storage
import Testing

@testable import Web

@Suite("Whoever watches over the process reads its numbers")
struct MetricsTests {
  @Test("in the text format of Prometheus, version 0.0.4")
  func format() {
    let metrics = PrometheusMetrics()
    Counter(label: "seen_total", dimensions: [("what", "a \"b\"\\\n")], factory: metrics)
      .increment(by: 2)
    Counter(label: "seen_total", dimensions: [("what", "c")], factory: metrics).increment()
    Counter(label: "seen_total", dimensions: [("what", "c")], factory: metrics).increment()
    Meter(label: "level", factory: metrics).set(2.5)
    let timer = Metrics.Timer(label: "took_seconds", factory: metrics)
    for milliseconds in [4, 30, 30, 20_000] { timer.recordMilliseconds(milliseconds) }
    #expect(
      metrics.text == """
        # TYPE level gauge
        level 2.5
        # TYPE seen_total counter
        seen_total{what="a \\"b\\"\\\\\\n"} 2
        seen_total{what="c"} 2
        # TYPE took_seconds histogram
        took_seconds_bucket{le="0.005"} 1
        took_seconds_bucket{le="0.01"} 1
        took_seconds_bucket{le="0.025"} 1
        took_seconds_bucket{le="0.05"} 3
        took_seconds_bucket{le="0.1"} 3
        took_seconds_bucket{le="0.25"} 3
        took_seconds_bucket{le="0.5"} 3
        took_seconds_bucket{le="1"} 3
        took_seconds_bucket{le="2.5"} 3
        took_seconds_bucket{le="5"} 3
        took_seconds_bucket{le="10"} 3
        took_seconds_bucket{le="+Inf"} 4
        took_seconds_sum 20.064
        took_seconds_count 4

        """)
  }

  @Test("of routes and of the study, without a path, a token or a name")
  func route() async throws {
    let stage = try await WebStage()
    let (pseudonym, home) = try await stage.participant()
    _ = try await stage.get(home)
    _ = try await stage.get("/planted/path")
    for name in ["PLANTED", "OTHER"] {
      let method = try #require(HTTPRequest.Method(name))
      _ = try await stage.send(method, "/", [:], [])
    }
    let answer = try await stage.get("/metrics", try await stage.program(.viewer, [.metrics]))
    #expect(answer.status == 200)
    #expect(answer.headers[.contentType] == "text/plain; version=0.0.4; charset=utf-8")
    let lines = answer.text.split(separator: "\n")
    #expect(
      lines.contains {
        $0.hasPrefix("longwell_requests_total{method=\"GET\",route=\"/p/") && $0.hasSuffix("} 1")
      })
    #expect(lines.contains { $0.contains("method=\"other\"") && $0.hasSuffix("} 2") })
    // Test participants do not count.
    #expect(lines.contains("longwell_participants{status=\"enrolled\"} 0"))
    for planted in ["planted", "PLANTED", pseudonym, String(home.dropFirst(3))] {
      #expect(!answer.text.contains(planted))
    }
  }
}

import Foundation
import LocalTime
import Studies

extension SimulatedExport {
  // MARK: ChatGPT

  /// A place of the tree.
  private struct Node {
    var name: String
    var parent: String?
    var role = ""
    var text: ArraySlice<UInt8> = []
    var time: Double?
    var metadata = "{}"
  }

  func appendChatGPT(
    _ turns: [Turn], id: String, to text: inout [UInt8], _ generator: inout SeededGenerator
  ) {
    let model = "{\"model_slug\":\"gpt-4o\"}"
    let stopped = "{\"model_slug\":\"gpt-4o\",\"finish_details\":{\"type\":\"interrupted\"}}"
    let system = Self.identifier(&generator)
    var nodes = [
      Node(name: "client-created-root"),
      Node(
        name: system, parent: "client-created-root", role: "system",
        metadata: "{\"is_visually_hidden_from_conversation\":true}"),
    ]
    var last = system
    for turn in turns {
      if let old = turn.oldQuestion {
        let question = Self.identifier(&generator)
        nodes.append(
          Node(name: question, parent: last, role: "user", text: old, time: turn.asked))
        nodes.append(
          Node(
            name: Self.identifier(&generator), parent: question, role: "assistant",
            text: turn.answer, time: turn.answered, metadata: model))
      }
      let question = Self.identifier(&generator)
      nodes.append(
        Node(name: question, parent: last, role: "user", text: turn.question, time: turn.asked))
      if let old = turn.oldAnswer {
        nodes.append(
          Node(
            name: Self.identifier(&generator), parent: question, role: "assistant", text: old,
            time: turn.answered, metadata: model))
      }
      last = Self.identifier(&generator)
      nodes.append(
        Node(
          name: last, parent: question, role: "assistant", text: turn.answer,
          time: turn.answered + (turn.oldAnswer == nil ? 0 : 1),
          metadata: turn.isInterrupted ? stopped : model))
    }
    let start = turns.first?.asked ?? 0
    text += "{\"title\":\"Made up\",\"create_time\":\(start),\"mapping\":{".utf8
    for (index, node) in nodes.enumerated() {
      if index > 0 { text.append(UInt8(ascii: ",")) }
      append(node, to: &text)
    }
    text += "},\"current_node\":\"\(last)\",\"conversation_id\":\"\(id)\",".utf8
    text += "\"default_model_slug\":\"gpt-4o\",\"id\":\"\(id)\"}".utf8
  }

  private func append(_ node: Node, to text: inout [UInt8]) {
    let parent = node.parent.map { "\"\($0)\"" } ?? "null"
    text += "\"\(node.name)\":{\"id\":\"\(node.name)\",\"parent\":\(parent),".utf8
    text += "\"children\":[],\"message\":".utf8
    guard !node.role.isEmpty else {
      text += "null}".utf8
      return
    }
    let time = node.time.map { "\($0)" } ?? "null"
    text += "{\"id\":\"\(node.name)\",\"author\":{\"role\":\"\(node.role)\",\"name\":null,".utf8
    text += "\"metadata\":{}},\"create_time\":\(time),\"update_time\":null,\"content\":".utf8
    text += "{\"content_type\":\"text\",\"parts\":[\"".utf8
    text += node.text
    text += "\"]},\"status\":\"finished_successfully\",\"end_turn\":true,\"weight\":1.0,".utf8
    text += "\"metadata\":\(node.metadata),\"recipient\":\"all\",\"channel\":null}}".utf8
  }

  // MARK: Claude

  func appendClaude(
    _ turns: [Turn], id: String, to text: inout [UInt8], _ generator: inout SeededGenerator
  ) {
    let start = Self.iso(turns.first?.asked ?? 0)
    text += "{\"uuid\":\"\(id)\",\"name\":\"Made up\",\"created_at\":\"\(start)\",".utf8
    text += "\"account\":{\"uuid\":\"\(Self.identifier(&generator))\"},\"chat_messages\":[".utf8
    var last = "00000000-0000-4000-8000-000000000000"
    var isFirst = true
    func append(
      _ name: String, _ parent: String, _ sender: String, _ time: Double, _ words: ArraySlice<UInt8>
    ) {
      if !isFirst { text.append(UInt8(ascii: ",")) }
      isFirst = false
      text += "{\"uuid\":\"\(name)\",\"sender\":\"\(sender)\",\"text\":\"\",".utf8
      text += "\"created_at\":\"\(Self.iso(time))\",\"attachments\":[],\"files\":[],".utf8
      text += "\"parent_message_uuid\":\"\(parent)\",".utf8
      text += "\"content\":[{\"type\":\"text\",\"text\":\"".utf8
      text += words
      text += "\"}]}".utf8
    }
    for turn in turns {
      if let old = turn.oldQuestion {
        let question = Self.identifier(&generator)
        append(question, last, "human", turn.asked, old)
        append(Self.identifier(&generator), question, "assistant", turn.answered, turn.answer)
      }
      let question = Self.identifier(&generator)
      append(question, last, "human", turn.asked, turn.question)
      if let old = turn.oldAnswer {
        append(Self.identifier(&generator), question, "assistant", turn.answered, old)
      }
      last = Self.identifier(&generator)
      // Later than what it took the place of: the newest leaf is the visible one.
      let wait = turn.oldAnswer == nil && turn.oldQuestion == nil ? 0 : 0.5
      append(last, question, "assistant", turn.answered + wait, turn.answer)
    }
    text += "]}".utf8
  }

  private static func iso(_ seconds: Double) -> String {
    Date(timeIntervalSince1970: seconds).utcText
  }
}

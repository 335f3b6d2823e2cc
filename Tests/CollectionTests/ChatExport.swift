import Foundation
import InteractionLogs

/// An export shaped like ChatGPT's, made up message by message.
struct ChatExport {
  struct Chat {
    var id: String
    /// When each message was written, questions and answers in turns.
    var times: [Date]
    /// What each message says; the last one again where there are fewer.
    var texts = ["How should I plan my week? I always feel tired.", "You could rest on Sunday."]
  }

  var chats: [Chat]

  /// The JSON of the export.
  var bytes: [UInt8] {
    get throws {
      let list = chats.map { chat -> [String: Any] in
        var mapping: [String: Any] = [
          "root": ["id": "root", "message": NSNull(), "parent": NSNull(), "children": ["m0"]]
        ]
        for (index, time) in chat.times.enumerated() {
          let text = chat.texts[min(index, chat.texts.count - 1)]
          mapping["m\(index)"] =
            [
              "id": "m\(index)", "parent": index == 0 ? "root" : "m\(index - 1)",
              "children": index + 1 < chat.times.count ? ["m\(index + 1)"] : [],
              "message": [
                "id": "m\(index)", "author": ["role": index % 2 == 0 ? "user" : "assistant"],
                "create_time": time.timeIntervalSince1970, "recipient": "all",
                "content": ["content_type": "text", "parts": [text]],
                "metadata": ["model_slug": "gpt-4o"], "status": "finished_successfully",
              ] as [String: Any],
            ] as [String: Any]
        }
        return [
          "id": chat.id, "conversation_id": chat.id, "title": chat.texts.first ?? "",
          "create_time": chat.times.first?.timeIntervalSince1970 ?? 0,
          "current_node": "m\(chat.times.count - 1)", "mapping": mapping,
        ]
      }
      return Array(try JSONSerialization.data(withJSONObject: list, options: [.sortedKeys]))
    }
  }

  /// The export as it is read for a donation.
  var log: InteractionLog {
    get throws {
      try InteractionLog.read(
        try bytes,
        options: LogOptions(
          zone: TimeZone(identifier: "Europe/Amsterdam") ?? .gmt, text: TextReader(lists: .shipped))
      )
    }
  }
}

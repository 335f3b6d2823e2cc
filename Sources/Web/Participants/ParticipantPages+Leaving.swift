import Collection
import Foundation
import Hummingbird
import Storage

extension ParticipantPages {
  func addLeaving(to router: RouterGroup<WebContext>) {
    router.get("p/:token/leave") { request, context in
      try leavePage(try await visit(request, context))
    }
    post("p/:token/leave", on: router) { visit, form, _ in
      guard let way = form["way"].flatMap(Withdrawal.init) else {
        return try leavePage(visit, problem: "leave_choose", at: "w-stop_reminders")
      }
      guard way == .stopReminders || form["sure"] == "yes" else {
        return try leavePage(visit, problem: "leave_confirm", at: "sure")
      }
      let receipt = try await visit.desk.withdraw(
        visit.participant.pseudonym, way, now: visit.now, erasingAt: settings.erasurePlaces)
      if way != .stopReminders { forgetEverything(of: visit.participant.pseudonym) }
      return try receiptPage(receipt, visit: visit)
    }
  }

  /// Nothing of somebody who leaves waits in memory.
  func forgetEverything(of pseudonym: String) {
    shelf.forget(pseudonym)
    repeated.forget(pseudonym)
  }

  private func leavePage(
    _ visit: Visit, problem: String? = nil, at field: String = ""
  ) throws -> Response {
    let texts = visit.texts
    // Who has left can still have everything erased, and nothing else.
    let ways: [Withdrawal] =
      visit.participant.status == .enrolled ? Withdrawal.allCases : [.stopAndErase]
    var fields: [String: Any] = [
      "action": visit.links.leave,
      "ways": ways.map { way in
        let name =
          switch way {
          case .stopReminders: "way_reminders"
          case .stopAndKeep: "way_keep"
          case .stopAndErase: "way_erase"
          }
        return [
          "way": way.rawValue, "label": texts(name), "meaning": texts(name + "_meaning"),
        ]
      },
    ]
    if let problem {
      fields["problems"] = Problem.list(
        texts("problems_fix", ["n": "1"]), [(target: field, label: texts(problem))])
    }
    return try page(
      "leave", texts("leave_title"), fields, of: visit,
      status: problem == nil ? .ok : .unprocessableContent)
  }

  private func receiptPage(_ receipt: WithdrawalReceipt, visit: Visit) throws -> Response {
    let texts = visit.texts
    var sentences: [String] = []
    switch receipt.withdrawal {
    case .stopReminders: sentences.append(texts("receipt_reminders"))
    case .stopAndKeep:
      sentences += [
        texts("receipt_kept", ["when": visit.words.moment(receipt.at)]),
        texts("receipt_cancelled", ["n": visit.words.number(receipt.cancelled)]),
      ]
    case .stopAndErase:
      if let completed = receipt.erasure?.completed {
        sentences.append(texts("receipt_erased", ["when": visit.words.moment(completed)]))
      } else {
        sentences.append(texts("receipt_pending", ["when": visit.words.moment(receipt.at)]))
      }
      sentences += [
        texts("receipt_remains", ["pseudonym": receipt.pseudonym]),
        texts("receipt_exports", ["n": visit.words.number(receipt.exports)]),
        texts("receipt_backups", ["n": visit.words.number(receipt.backups)]),
      ]
    }
    var fields: [String: Any] = [
      "headline": texts("receipt_title"), "sentences": sentences + [texts("receipt_keep")],
    ]
    if receipt.withdrawal != .stopAndErase {
      fields["onward"] = [["target": visit.links.home, "label": texts("to_home")]]
    }
    return try page("message", texts("receipt_title"), fields, of: visit)
  }
}

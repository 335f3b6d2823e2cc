import LocalTime
import Storage

extension Report {
  /// Whether the plan was written before the data were seen, and what has become of it since.
  func lockState() -> HTML {
    let status = results.lock
    guard let lock = status.lock else {
      return """
        <strong>Not locked.</strong> The plan was not locked before the data were read, so nothing here \
        counts as preregistered.
        """
    }
    let day = lock.locked.utcText
    let again: HTML =
      status.times > 1 ? " It was locked \(status.times) times; this is about the last." : ""
    var parts: [String] = []
    if !status.changed.isEmpty { parts.append("changed: \(NumberText.list(status.changed))") }
    if !status.added.isEmpty { parts.append("added: \(NumberText.list(status.added))") }
    if !status.removed.isEmpty { parts.append("left out: \(NumberText.list(status.removed))") }
    guard !parts.isEmpty else {
      return """
        <strong>Locked.</strong> The plan was locked at \(day), when \(seen(lock)), and was carried out \
        as it was locked.\(again)
        """
    }
    return """
      <strong>Locked, and changed since.</strong> The plan was locked at \(day), when \(seen(lock)). \
      Since then \(parts.joined(separator: "; ")). What was changed or added does not count as \
      preregistered.\(again)
      """
  }

  /// How much there was to be seen when a plan was locked.
  private func seen(_ lock: PlanLock) -> String {
    guard lock.submissions > 0 else { return "nobody had answered anything" }
    let exports =
      switch lock.exports {
      case 0: "no data had been exported"
      case 1: "data had been exported once"
      default: "data had been exported \(lock.exports) times"
      }
    return
      "\(lock.participants) people were enrolled, \(lock.submissions) occasions had been submitted and \(exports)"
  }
}

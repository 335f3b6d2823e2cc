import Storage

/// Who was in it, from enrolment to the last occasion.
struct ParticipantFlow: Hashable, Sendable {
  /// Everyone with a pseudonym, test participants apart.
  var enrolled = 0
  /// Of those, who agreed to every required part of the consent, by its records.
  var consented = 0
  /// Of those, who were allocated to an arm.
  var allocated = 0
  /// Those who consented and completed too little to be allocated.
  var notAllocated: Int { consented - allocated }
  var arms: [Arm] = []

  /// One arm, or everyone in a study without arms.
  struct Arm: Hashable, Sendable {
    /// The arm's id; `nil` for everyone together.
    var arm: String?
    var participants = 0
    var withdrawn = 0
    /// Not withdrawn, and without an answer from some due occasion to the last one due.
    var stoppedAnswering = 0
    var slots: [Slot] = []

    /// The occasions at some positions together, all of one series: `evening, all 27`.
    func total(of positions: [Int]) -> Slot {
      let own = positions.map { slots[$0] }
      let series = own.first?.label.split(separator: " ").first.map(String.init) ?? ""
      return Slot(
        label: "\(series), all \(own.count)",
        submitted: own.reduce(0) { $0 + $1.submitted }, partial: own.reduce(0) { $0 + $1.partial },
        missed: own.reduce(0) { $0 + $1.missed }, cancelled: own.reduce(0) { $0 + $1.cancelled },
        notYet: own.reduce(0) { $0 + $1.notYet })
    }
  }

  /// What became of one planned measurement in an arm.
  struct Slot: Hashable, Sendable {
    var label: String
    var submitted = 0
    var partial = 0
    var missed = 0
    /// Cancelled or skipped: withdrawn before it opened, for instance.
    var cancelled = 0
    /// Planned or open when the data were read.
    var notYet = 0

    /// Submitted, partial and missed.
    var due: Int { submitted + partial + missed }
    /// Submitted out of due.
    var compliance: Double? { due == 0 ? nil : Double(submitted) / Double(due) }
  }

  /// Counts the people and occasions of a study.
  init(study: StudyOutline, slots: [OccasionSlot], data: StudyRows) {
    enrolled = data.participants.count
    consented = Self.consented(study, data)
    allocated = data.participants.count { $0.arm != nil }
    let groups: [String?] = study.arms.isEmpty ? [nil] : study.arms.map(Optional.some)
    let occasions = Dictionary(grouping: data.occasions, by: \.occasion.pseudonym)
    arms = groups.map { group in
      let members = data.participants.filter { study.arms.isEmpty || $0.arm == group }
      return Self.arm(group, members: members, occasions: occasions, slots: slots)
    }
  }

  /// How many people agree to every required part of the last version that they decided about.
  private static func consented(_ study: StudyOutline, _ data: StudyRows) -> Int {
    let decisions = Dictionary(grouping: data.consents, by: \.pseudonym)
    return data.participants.count { row in
      guard let own = decisions[row.participant.pseudonym]?.map(\.consent),
        let version = own.map(\.version).max()
      else { return false }
      // Later decisions about a part replace earlier ones.
      let held = Dictionary(
        own.filter { $0.version == version }.map { ($0.part, $0.isAgreed) },
        uniquingKeysWith: { _, last in last })
      return study.consentParts.allSatisfy { part in
        part.version != version || !part.isRequired || held[part.id] == true
      } && held.values.contains(true)
    }
  }

  private static func arm(
    _ name: String?, members: [ParticipantRow], occasions: [String: [OccasionRow]],
    slots: [OccasionSlot]
  ) -> Arm {
    var arm = Arm(arm: name, participants: members.count)
    arm.slots = slots.map { Slot(label: $0.label) }
    for member in members {
      let own = occasions[member.participant.pseudonym] ?? []
      let isWithdrawn =
        member.participant.status == .withdrawn || member.participant.status == .erased
      if isWithdrawn { arm.withdrawn += 1 }
      var last: OccasionState?
      for row in own {
        let position = slots.firstIndex {
          $0.plan == row.occasion.plan && $0.index == row.occasion.index
        }
        guard let position else { continue }
        switch row.occasion.state {
        case .submitted: arm.slots[position].submitted += 1
        case .partial: arm.slots[position].partial += 1
        case .missed: arm.slots[position].missed += 1
        case .cancelled, .skipped: arm.slots[position].cancelled += 1
        case .planned, .open: arm.slots[position].notYet += 1
        }
        if row.occasion.isDue { last = row.occasion.state }
      }
      if !isWithdrawn, last == .missed { arm.stoppedAnswering += 1 }
    }
    return arm
  }
}

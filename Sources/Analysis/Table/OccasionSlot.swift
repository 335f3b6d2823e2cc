/// One planned measurement as everybody's: the third weekly survey, say.
struct OccasionSlot: Hashable, Sendable {
  /// The occasion's id in the study file.
  var plan: String
  /// Its repetition, from 0.
  var index: Int
  /// `baseline`, or `week 3` where it repeats.
  var label: String
  /// Days from enrolment to its planned opening, in the mean over participants.
  var days: Double

  /// The slots of a study's occasions, in the order of the file.
  static func slots(of study: StudyOutline, plans: Set<String>) -> [OccasionSlot] {
    study.occasions.filter { plans.contains($0.id) }.flatMap { occasion in
      (0..<max(1, occasion.times)).map { index in
        OccasionSlot(
          plan: occasion.id, index: index,
          label: occasion.times > 1 ? "\(occasion.id) \(index + 1)" : occasion.id, days: 0)
      }
    }
  }
}

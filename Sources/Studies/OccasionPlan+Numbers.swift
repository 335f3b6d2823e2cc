extension OccasionPlan.Timing {
  /// Whether the occasions that both timings have, by their numbers, are on the same days of the course:
  /// whether somebody can go from one to the other in the middle.
  ///
  /// Waves keep their numbers whatever their times. Days keep them where days are added or left out at
  /// the end alone; prompts also need as many a day.
  package func keepsNumbers(of other: OccasionPlan.Timing) -> Bool {
    switch (other, self) {
    case (.wave, .wave), (.event, .event): true
    case (.daily(let old), .daily(let new)): new.days.keepsNumbers(of: old.days)
    case (.random(let old), .random(let new)):
      new.perDay == old.perDay && new.days.keepsNumbers(of: old.days)
    default: false
    }
  }
}

extension StudyDays {
  /// Whether the days that both have are at the same places, for whomever they are counted.
  fileprivate func keepsNumbers(of other: StudyDays) -> Bool {
    weekdays == other.weekdays && zip(numbers, other.numbers).allSatisfy(==)
  }
}

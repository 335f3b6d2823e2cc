import Foundation
import LocalTime

extension Schedule {
  /// The moments of random prompts, day by day, each day from a stream of its own.
  ///
  /// The stream is that of the study, the participant (by the seed), the occasion and the day, so that
  /// a change of zone moves the prompts of a day and draws none anew.
  ///
  /// - Returns: as many places a day as prompts; nil where a day has no room for one, or is none.
  func moments(
    of prompts: PromptTiming, named id: String, during stay: inout Stay
  ) -> [LocalMoment?] {
    var moments: [LocalMoment?] = []
    let hours = prompts.isWakingChosen ? stay.waking ?? prompts.hours : prompts.hours
    for date in prompts.days.dates(enrolled: enrolled.date) {
      let begin = stay.clock.resolve(date, hours.from).instant
      let end = stay.clock.resolve(
        hours.passMidnight ? date.adding(days: 1) : date, hours.to
      ).instant
      // A day that the zone left out, or hours that a clock change swallowed, have no prompts.
      guard begin < end else {
        moments += Array(repeating: nil, count: prompts.perDay)
        continue
      }
      let day = enrolled.date.days(until: date) + 1
      var generator = SeededGenerator(
        seed: life.seed, stream: "prompts", study.id, id, String(day))
      let seconds = PromptDraw.moments(
        prompts.perDay, in: Int(end.timeIntervalSince(begin)), apart: prompts.apart,
        using: &generator)
      moments += (0..<prompts.perDay).map { place in
        seconds.indices.contains(place)
          ? stay.clock.moment(begin.addingTimeInterval(Double(seconds[place]))) : nil
      }
    }
    return moments
  }
}

import Collection
import Definitions
import Expressions
import Instruments

/// An instrument as one printable page of HTML, complete in itself: no script, no request.
enum InstrumentPage {
  /// The page.
  static func html(_ instrument: Instrument) -> String {
    let direction = writesRightToLeft(instrument.language) ? "rtl" : "ltr"
    var html = """
      <!DOCTYPE html>
      <html lang="\(escaped(instrument.language))" dir="\(direction)">
      <head>
      <meta charset="utf-8">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <title>\(escaped(instrument.title))</title>
      <style>\(style)</style>
      </head>
      <body>
      <h1>\(escaped(instrument.title))</h1>

      """
    if let instructions = instrument.instructions { html += "<p>\(escaped(instructions))</p>\n" }
    html += "<ol>\n"
    let texts = TextLibrary().texts(instrument.language)
    var stem: String?
    for item in instrument.items {
      if case .computed = item.kind { continue }
      if item.stem != stem, let above = instrument.stem(of: item, answers: [:]) {
        html += "<li class=\"note\">\(onPaper(above, from: item.stem))</li>\n"
      }
      stem = item.stem
      html += block(
        item, text: onPaper(instrument.text(of: item, answers: [:]), from: item.text), texts)
    }
    html += "</ol>\n<footer>\(escaped(footer(instrument)))</footer>\n</body>\n</html>\n"
    return html
  }

  private static func block(_ item: Item, text: String, _ texts: Texts) -> String {
    // Nothing branches on paper, so that it says itself who goes on to an item, by the ids beside them.
    let condition =
      item.showIf.map { condition in
        let words = texts("only_if", ["condition": condition.description])
        return "<p class=\"only\">\(escaped(words))</p>"
      } ?? ""
    guard item.valueType != nil else { return "<li class=\"note\">\(condition)\(text)</li>\n" }
    return "<li>\(condition)<fieldset><legend>\(text) <small>\(escaped(item.id))</small></legend>"
      + "\(field(item.kind))</fieldset></li>\n"
  }

  /// A text as HTML, with a line to write on where an earlier answer would stand.
  private static func onPaper(_ text: String, from source: String?) -> String {
    guard source?.contains("{{") == true else { return escaped(text) }
    return escaped(text.replacing("…", with: blank.dropLast()))
  }

  private static func field(_ kind: Item.Kind) -> String {
    switch kind {
    case .single(let scale), .likert(let scale):
      let options = scale.options.map { option in
        "<span>☐ <b>\(option.value)</b> \(escaped(option.label ?? ""))</span>"
      }
      return "<p class=\"options\">\(options.joined())</p>"
    case .slider(let scale):
      let ends = [scale.range.lowerBound, scale.range.upperBound].map { end in
        "<b>\(numeral(end))</b> " + escaped(scale.labels.first { $0.value == end }?.label ?? "")
      }
      return "<p class=\"line\"><span>\(ends[0])</span><hr><span>\(ends[1])</span></p>"
    case .number(let range): return blank + escaped(range.unit ?? "")
    case .multiple(let choices):
      let options = choices.options.map { option in
        "<span>☐ <b>\(option.value)</b> \(escaped(option.label ?? ""))</span>"
      }
      return "<p class=\"options\">\(options.joined())</p>"
    case .rank(let scale):
      let options = scale.options.map { option in
        "<span>__ <b>\(option.value)</b> \(escaped(option.label ?? ""))</span>"
      }
      return "<p class=\"options\">\(options.joined())</p>"
    case .date, .time: return blank
    case .text, .own: return "<p class=\"lines\">&nbsp;</p><p class=\"lines\">&nbsp;</p>"
    case .computed, .instruction: return ""
    }
  }

  private static let blank = "____________ "

  private static let style = """
    body{font:1rem/1.5 sans-serif;max-width:46rem;margin:2rem auto;padding:0 1rem}
    fieldset{border:0;margin:0;padding:.4rem 0;break-inside:avoid}.note{list-style:none}
    .options{display:flex;flex-wrap:wrap;gap:.2rem 1.2rem;margin:.3rem 0}
    .line{display:flex;align-items:center;gap:.6rem}.line hr{flex:1}
    .only{font-style:italic;margin:.4rem 0 0}small{color:#555}.lines{border-bottom:1px solid}footer{font-size:.8rem;margin-top:2rem}
    """

  private static func footer(_ instrument: Instrument) -> String {
    var text = "\(instrument.id) \(instrument.version), \(instrument.language)"
    if let basis = instrument.basis {
      text += "; wording \(instrument.wording.rawValue) after \(basis.name), \(basis.citation)"
    }
    if let overlay = instrument.overlay {
      text +=
        "; words by \(overlay.author), \(overlay.version), \(overlay.date), \(overlay.licence), "
        + overlay.reviewText
    }
    return text
  }

  /// A text that HTML shows as it stands.
  private static func escaped(_ text: String) -> String {
    var escaped = ""
    for character in text {
      switch character {
      case "&": escaped += "&amp;"
      case "<": escaped += "&lt;"
      case ">": escaped += "&gt;"
      case "\"": escaped += "&quot;"
      default: escaped.append(character)
      }
    }
    return escaped
  }
}

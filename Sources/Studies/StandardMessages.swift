import Definitions

/// Longwell's own texts of messages, for studies that bring none.
///
/// They name neither the topic nor the person in the subject: a subject is read on locked screens.
package enum StandardMessages {
  /// The languages that there are texts in.
  package static let languages = ["en", "nl", "es", "ar"]

  /// The text of a kind of message; a variety such as `en-GB` has its language's. Nil for other
  /// languages.
  package static func template(_ kind: MessageKind, language: String) -> MessageTemplate? {
    let base = language.split(separator: "-").first.map(String.init) ?? language
    guard let text = text(kind, language: base) else { return nil }
    var problems = Problems()
    return MessageTemplate.read(text, of: kind, file: "standard \(base)", problems: &problems)
  }

  private static func text(_ kind: MessageKind, language: String) -> String? {
    switch language {
    case "en": english(kind)
    case "nl": dutch(kind)
    case "es": spanish(kind)
    case "ar": arabic(kind)
    default: nil
    }
  }

  private static func english(_ kind: MessageKind) -> String {
    switch kind {
    case .opening:
      """
      # Your questionnaire is open

      A questionnaire of {title} is open for you, until {until}:
      {link}

      Questions: {contact}
      No more messages: {unsubscribe}
      """
    case .reminder:
      """
      # Your questionnaire is still open

      You can answer a questionnaire of {title} until {until}:
      {link}

      Questions: {contact}
      No more messages: {unsubscribe}
      """
    case .thanks:
      """
      # Thank you for your answers

      Your answers to {title} have arrived. Thank you.

      Questions: {contact}
      No more messages: {unsubscribe}
      """
    }
  }

  private static func dutch(_ kind: MessageKind) -> String {
    switch kind {
    case .opening:
      """
      # Je vragenlijst staat klaar

      Een vragenlijst van {title} staat voor je klaar, tot {until}:
      {link}

      Vragen: {contact}
      Geen berichten meer: {unsubscribe}
      """
    case .reminder:
      """
      # Je vragenlijst staat nog klaar

      Je kunt een vragenlijst van {title} nog invullen tot {until}:
      {link}

      Vragen: {contact}
      Geen berichten meer: {unsubscribe}
      """
    case .thanks:
      """
      # Bedankt voor je antwoorden

      Je antwoorden voor {title} zijn binnen. Bedankt.

      Vragen: {contact}
      Geen berichten meer: {unsubscribe}
      """
    }
  }

  private static func spanish(_ kind: MessageKind) -> String {
    switch kind {
    case .opening:
      """
      # Su cuestionario está abierto

      Un cuestionario de {title} está abierto para usted hasta {until}:
      {link}

      Preguntas: {contact}
      No recibir más mensajes: {unsubscribe}
      """
    case .reminder:
      """
      # Su cuestionario sigue abierto

      Puede responder un cuestionario de {title} hasta {until}:
      {link}

      Preguntas: {contact}
      No recibir más mensajes: {unsubscribe}
      """
    case .thanks:
      """
      # Gracias por sus respuestas

      Hemos recibido sus respuestas para {title}. Gracias.

      Preguntas: {contact}
      No recibir más mensajes: {unsubscribe}
      """
    }
  }

  private static func arabic(_ kind: MessageKind) -> String {
    switch kind {
    case .opening:
      """
      # استبيانك مفتوح الآن

      أحد استبيانات {title} مفتوح لك حتى {until}:
      {link}

      للأسئلة: {contact}
      لإيقاف الرسائل: {unsubscribe}
      """
    case .reminder:
      """
      # استبيانك ما زال مفتوحًا

      يمكنك الإجابة عن أحد استبيانات {title} حتى {until}:
      {link}

      للأسئلة: {contact}
      لإيقاف الرسائل: {unsubscribe}
      """
    case .thanks:
      """
      # شكرًا على إجاباتك

      وصلت إجاباتك في {title}. شكرًا لك.

      للأسئلة: {contact}
      لإيقاف الرسائل: {unsubscribe}
      """
    }
  }
}

import Foundation

/// The terminal with line editing and echo off; restored when the value ends.
struct RawTerminal: ~Copyable {
  private var saved = termios()

  /// Switches to raw mode.
  ///
  /// - Returns: `nil` where standard input is no terminal.
  init?() {
    guard Console.isTyped, tcgetattr(STDIN_FILENO, &saved) == 0 else { return nil }
    var raw = saved
    raw.c_lflag &= ~tcflag_t(ICANON | ECHO | ISIG)
    raw.c_iflag &= ~tcflag_t(IXON | ICRNL)
    guard tcsetattr(STDIN_FILENO, TCSAFLUSH, &raw) == 0 else { return nil }
  }

  deinit {
    var saved = saved
    tcsetattr(STDIN_FILENO, TCSAFLUSH, &saved)
  }

  /// Waits for the next key that means something.
  func nextKey() -> Key {
    while true {
      if let key = Key.read({ Self.nextByte() }) { return key }
    }
  }

  /// Clears the screen and writes lines from the top.
  func show(_ lines: [String]) {
    let text = "\u{1B}[2J\u{1B}[H" + lines.joined(separator: "\n") + "\n"
    FileHandle.standardOutput.write(Data(text.utf8))
  }

  /// The terminal's width in characters, 80 where it does not say.
  var width: Int {
    var size = winsize()
    guard ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col >= 20 else { return 80 }
    return Int(size.ws_col)
  }

  private static func nextByte() -> UInt8? {
    var byte: UInt8 = 0
    return read(STDIN_FILENO, &byte, 1) == 1 ? byte : nil
  }
}

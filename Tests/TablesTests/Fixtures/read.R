# Reads an SPSS or Stata file with haven and prints what it found, one fact per line.
suppressPackageStartupMessages(library(haven))
path <- commandArgs(trailingOnly = TRUE)[1]
frame <- if (grepl("sav$", path)) read_sav(path, user_na = TRUE) else read_dta(path)
tag <- function(x) {
  if (is.double(x) && !inherits(x, c("Date", "POSIXct"))) na_tag(x) else rep(NA, length(x))
}
for (name in names(frame)) {
  column <- frame[[name]]
  cat(name, "label", attr(column, "label"), sep = "\t")
  cat("\n")
  shown <- if (inherits(column, "POSIXct")) format(column, "%Y-%m-%dT%H:%M:%OS3", tz = "UTC")
    else if (inherits(column, "Date")) format(column)
    else if (is.character(column)) as.character(column)
    else vapply(unclass(column), format, "", digits = 15)
  tags <- tag(column)
  shown <- ifelse(is.na(tags), shown, paste0(".", tags))
  cat(name, "cells", shown, sep = "\t")
  cat("\n")
  labels <- attr(column, "labels")
  if (!is.null(labels)) {
    keys <- if (is.character(labels)) labels else {
      kept <- na_tag(labels)
      ifelse(is.na(kept), vapply(unclass(labels), format, "", digits = 15), paste0(".", kept))
    }
    cat(name, "values", paste0(keys, "=", names(labels)), sep = "\t")
    cat("\n")
  }
}

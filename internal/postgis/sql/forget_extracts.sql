select simtaru.forget_extracts()

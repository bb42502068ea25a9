// Package calendar owns the statutory working days that a database starts with, and the form of the file in which an
// operator brings those of a later year.
//
// statutory.csv is what the yearly notices of the General Office of the State Council (国务院办公厅关于部分节假日安排的通知) say:
// 国办发明电〔2024〕12号 for 2025, 国办发明电〔2025〕7号 for 2026. A new year's rows go to its end; nothing else needs a change.
//
// It reads no database and knows of no deadline: what a working day is worth is the caller's affair. What this package
// does answer for is that no file makes a deadline silently wrong, so it takes whole years only and all of a file or none.
package calendar

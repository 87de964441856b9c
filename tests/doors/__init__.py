"""Programs at their doors: our API and Open311, called as programs call them."""

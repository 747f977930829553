from pages.parts import gate, navigation
gate.open_page(navigation.GUIDANCE)
